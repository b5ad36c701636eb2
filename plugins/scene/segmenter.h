// The network that says of every pixel what it is: a picture in, probabilities out.
//
//   Segmenter segmenter(path, services.inference());          // throws where the file is none of its kind
//   const Maps maps = segmenter.look(frame.bgr());             // of segmenter.classes() classes, at the network's own
//   size const cv::Mat labels = labels_of(fold(maps, 4), frame.size());
//
// One input 1×3×h×w: blue, green, red as value/255, the picture stretched to it; one output of 1×N×h'×w' logits, N 4
// or 40. A slope of grey is looked at when it is made: a network of another kind is refused then, and what it answers
// is its fingerprint, by which a stored reference is known to be of the same network. Thread: bound to its owner.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <string>

#include "plugins/scene/classes.h"
#include "plugins/sdk/services.h"

namespace lynceus::scene {

/// Four numbers from 0 to 1.
using Fingerprint = std::array<float, 4>;

class Segmenter {
 public:
  /// Throws std::runtime_error with a clear line.
  Segmenter(const std::string& path, sdk::Inference& inference);

  int classes() const { return classes_; }
  const Fingerprint& fingerprint() const { return fingerprint_; }
  Maps look(const cv::Mat& bgr);

 private:
  Maps probabilities(const std::vector<cv::Mat>& outputs) const;
  void choose_input();
  void take_fingerprint();

  sdk::Inference& inference_;
  sdk::Inference::Model model_;
  cv::Size input_{320, 240};
  int classes_ = 0;
  Fingerprint fingerprint_{};
};

/// The likeliest class of each pixel (CV_8UC1): probabilities stretched bilinearly to `size`, then compared.
cv::Mat labels_of(const Maps& maps, cv::Size size);

}  // namespace lynceus::scene

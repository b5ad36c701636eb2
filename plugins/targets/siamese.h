// The Siamese network of the published method, in its compact form: how sure it is that what it was shown first is there
// again, where, and how large. Two networks (models/targets_backbone.onnx, models/targets_head.onnx) and the comparison
// between them; the template goes through the first one once.
//
//   auto network = SiameseNetwork::load(services);               // null: no such files, or switched off
//   SiameseTemplate looks(*network, view, box);
//   const Proposal found = looks.find(next_view, box);
//
// Owner: the analyzer, which outlives its templates' use. Thread: bound to its owner; find() waits for the engine.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "plugins/sdk/services.h"
#include "plugins/targets/siamese_anchors.h"
#include "plugins/targets/siamese_crop.h"

namespace lynceus::targets {

class SiameseNetwork {
 public:
  /// Throws std::runtime_error when a file cannot be loaded or is another network.
  SiameseNetwork(sdk::Inference& inference, const std::string& backbone, const std::string& head);

  cv::Mat features(const cv::Mat& crop);       ///< 1×2×127×127 → 1×C×20×20
  cv::Mat anchors(const cv::Mat& comparison);  ///< 1×C×17×17 → 1×30×17×17

 private:
  cv::Mat run(sdk::Inference::Model model, const cv::Mat& input, const char* what, int side);

  sdk::Inference& inference_;
  sdk::Inference::Model backbone_, head_;
};

class SiameseTemplate {
 public:
  SiameseTemplate(SiameseNetwork& network, const SiameseView& view, const cv::Rect2d& box);

  Proposal find(const SiameseView& view, const cv::Rect2d& around) const;
  /// Learns some of how it looks now; the scales and most of the first looks stay.
  void renew(const SiameseView& view, const cv::Rect2d& box, double share);

 private:
  SiameseNetwork* network_;
  SiameseScales scales_;
  cv::Mat first_, kernel_;
};

}  // namespace lynceus::targets

// Whether people and things are found more easily in the enhanced picture: the daemon's own people analyzer where it is
// built, else OpenCV's HOG, on the night frame and on the result; the truth are the mask's parts. Thread: bound to its owner.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "tools/evaluate/evaluator.h"

namespace lynceus::tools {

/// Finds people in a picture.
class PeopleFinder {
 public:
  virtual ~PeopleFinder() = default;
  virtual std::vector<cv::Rect2d> find(const cv::Mat& bgr) = 0;
  virtual std::string name() const = 0;
};

std::unique_ptr<PeopleFinder> make_people_finder(const EvaluateRun& run);

struct Recall {
  int found = 0, all = 0;
  void add(const Recall& other) { found += other.found, all += other.all; }
  double value() const;  ///< NaN when there was nothing to find
};

/// Parts of the mask of a person's shape and at least 48 pixels high; found: a box overlaps its own by a quarter (IoU).
Recall recall_of(const std::vector<cv::Rect2d>& boxes, const cv::Mat& mask);

}  // namespace lynceus::tools

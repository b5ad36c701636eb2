// What stands out beside a followed target: twigs, roofs, street lamps. What stood there before is not the target when it is
// looked for again. Fades, so that a camera that moves forgets. Owner: Follower. Thread: bound to it.
//
//   clutter.add(residual, target_box);               // while the target is in sight
//   if (clutter.is_new(residual, place)) …           // something stands out there that did not before
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::targets {

/// The greatest of the pixels within 2 of a place, 0 outside the picture.
double height_around(const cv::Mat& residual, cv::Point2d at);

class Clutter {
 public:
  void add(const cv::Mat& residual, const cv::Rect2d& target);
  void fade();
  void forget() { memory_ = cv::Mat(); }
  bool is_new(const cv::Mat& residual, cv::Point2d at) const;

 private:
  cv::Mat memory_;  // CV_8UC1
};

}  // namespace lynceus::targets

// Moves a known box along with what it shows, from frame to frame, for a hundredth of what a detector takes.
//
// The picture of the person is kept small, and sought near where they were. Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::people {

class Follower {
 public:
  /// What to follow: this box of this picture (CV_8UC1).
  Follower(const cv::Mat& luma, const cv::Rect2d& box);

  /// Where it is in the next picture: near `expected`, within an eighth of the box's height. Returns `expected` where
  /// nothing looks like it.
  cv::Rect2d next(const cv::Mat& luma, const cv::Rect2d& expected);

 private:
  cv::Mat model_;     // shrunk
  double scale_ = 1;  // pixels of the model per pixel of the picture
};

}  // namespace lynceus::people

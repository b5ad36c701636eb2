// The mean of the last pictures, each moved with the background to where it is now: noise goes down by the square root of
// their number, so that a target too dim for one picture stands out. What moves fast before the background smears.
//
//   Accumulator accumulator(4);
//   const cv::Mat calm = accumulator.add(picture, camera_shift);     // 8UC1 or 16UC1, as the picture
//
// Owner: the analyzer. Thread: bound to its owner.
#pragma once

#include <cstddef>
#include <deque>
#include <opencv2/core.hpp>

namespace lynceus::targets {

class Accumulator {
 public:
  explicit Accumulator(int pictures) : most_(std::size_t(pictures)) {}

  cv::Mat add(const cv::Mat& picture, cv::Point2d camera_shift);
  void forget() { past_.clear(); }

 private:
  struct Past {
    cv::Mat picture;    // CV_32F
    cv::Point2d moved;  // since then
  };
  const std::size_t most_;
  std::deque<Past> past_;
};

}  // namespace lynceus::targets

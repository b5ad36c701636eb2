// Planes that are worked on, kept from frame to frame: fresh memory of a large picture costs more than the arithmetic
// on it. Thread: bound to its owner.
#pragma once

#include <cstddef>
#include <map>
#include <opencv2/core.hpp>

#include "plugins/context/axis_view.h"

namespace lynceus::context {

class Workspace {
 public:
  /// 32FC1 with rows as long as the transforms need them; what is in it is left from before.
  cv::Mat plane(int slot, cv::Size size) {
    const int padded = (size.width + kStrip - 1) / kStrip * kStrip;
    cv::Mat& memory = memory_[slot];
    if (memory.total() < std::size_t(padded) * std::size_t(size.height))
      memory = cv::Mat::zeros(size.height, padded, CV_32F);
    return cv::Mat(size.height, padded, CV_32F, memory.data).colRange(0, size.width);
  }

 private:
  std::map<int, cv::Mat> memory_;
};

}  // namespace lynceus::context

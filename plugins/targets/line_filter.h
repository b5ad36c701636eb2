// The multi-level filter: what is smaller than a line in every direction stays, what contains one goes.
//
//   U = I − max over the directions of (I opened by a line)      residual()
//   M = U opened by a small rectangle                            opened()
//
// 8UC1 and 16UC1, integer arithmetic; outside the picture counts for nothing. Equal to the bit to the same written with
// cv::morphologyEx, in one pass over the picture. Owner: the detector. Thread: bound to its owner.
//
//   LineFilter filter(8, 15);
//   filter.residual(picture, u);
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <vector>

#include "plugins/targets/line_pass.h"

namespace lynceus::targets {

constexpr int kMostLength = 15;

class LineFilter {
 public:
  /// `length` odd, 3 … kMostLength.
  LineFilter(int directions, int length);

  void residual(const cv::Mat& picture, cv::Mat& residual);
  /// E = I − U.
  cv::Mat background(const cv::Mat& picture);

 private:
  template <class T>
  LinePass<T>& pass(std::unique_ptr<LinePass<T>>& made);

  std::vector<std::vector<cv::Point>> lines_;
  std::unique_ptr<LinePass<std::uint8_t>> pass8_;
  std::unique_ptr<LinePass<std::uint16_t>> pass16_;
};

/// Opening by a rectangle; an even one moves nothing.
cv::Mat opened(const cv::Mat& picture, cv::Size rectangle);

}  // namespace lynceus::targets

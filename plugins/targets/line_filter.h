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
#include <opencv2/core.hpp>
#include <vector>

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
  void run(const cv::Mat& picture, cv::Mat& residual);
  template <class T>
  void erode_row(int y, int width);
  template <class T>
  void finish_row(const T* from, int y, T* out, int width);

  const int reach_;
  std::vector<std::vector<cv::Point>> elements_;
  cv::Mat padded_;             // the picture with the greatest value around
  std::vector<cv::Mat> rings_; // per direction the last rows of the eroded picture, zeros around
  cv::Mat lines_;              // per direction one row of the opened picture
};

/// Opening by a rectangle; an even one moves nothing.
cv::Mat opened(const cv::Mat& picture, cv::Size rectangle);

}  // namespace lynceus::targets

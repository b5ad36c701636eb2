// Binary shapes: 0 and 255 in CV_8UC1. Outside the picture counts as 1 for erosion and 0 for dilation, so that what
// touches the border keeps its pixels. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::pipes {

cv::Mat close_square(const cv::Mat& mask, int side);
/// An even side has no middle: OpenCV's own opening moves the shape by a pixel then, this one does not.
cv::Mat open_square(const cv::Mat& mask, int side);
cv::Mat dilate_square(const cv::Mat& mask, int side);
cv::Mat erode_square(const cv::Mat& mask, int side);

struct Component {
  cv::Mat mask;  ///< of the whole picture's size; empty when there is none
  cv::Rect box;
  int area = 0;
};
/// 8-connected; of equally large ones the first in raster order.
Component largest_component(const cv::Mat& mask);

/// Holes of the mask filled: what 4-connected background does not reach from the border.
cv::Mat fill_holes(const cv::Mat& mask);

/// The part of a picture around `box`, `margin` wider, cut at the border, with the copy's place.
cv::Rect grown(const cv::Rect& box, int margin, cv::Size size);

}  // namespace lynceus::pipes

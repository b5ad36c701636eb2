// A picture on a network's input, and the way back to its pixels. Thread: any.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::people {

enum class Fit {
  stretch,    ///< to the input's width and height
  letterbox,  ///< same shape, upper left corner, grey 114 beside it
};

/// What the numbers of the input are made of: (value of the picture − mean) × scale, per channel in the picture's
/// order.
struct Pixels {
  cv::Scalar mean = {0, 0, 0};
  cv::Scalar scale = {1, 1, 1};
  bool rgb = false;  ///< else blue first
};

class Page {
 public:
  Page(const cv::Mat& bgr, cv::Size input, Fit fit);

  const cv::Mat& picture() const { return picture_; }
  /// 1×3×H×W, CV_32F.
  cv::Mat tensor(const Pixels& pixels) const;
  /// From the input's pixels to the picture's, clipped to it; may be empty.
  cv::Rect2d back(const cv::Rect2d& box) const;

 private:
  cv::Size frame_;
  cv::Mat picture_;
  double x_ = 1, y_ = 1;  // pixels of the input per pixel of the picture
};

/// The pixels of the input that show the frame.
cv::Size seen_on(cv::Size frame, cv::Size input, Fit fit);

/// The input with the shape of the frame: sides divisible by 32, no more pixels than a square of this side.
cv::Size shaped_input(cv::Size frame, int side);

}  // namespace lynceus::people

// A picture on a network's input, and the way back to its pixels. Thread: any.
#pragma once

#include <opencv2/core.hpp>

#include "plugins/sdk/network_input.h"

namespace lynceus::people {

enum class Fit {
  stretch,    ///< to the input's width and height
  letterbox,  ///< same shape, upper left corner, grey 114 beside it
};

using sdk::Pixels;

inline constexpr double kGrey = 114;  ///< beside the picture

class Page {
 public:
  Page(cv::Size frame, cv::Size input, Fit fit);

  /// The picture, of the frame's size, on an input of this size: 1×3×H×W, CV_32F.
  void draw(const sdk::PictureRef& picture, const Pixels& pixels, cv::Mat& tensor) const;
  /// From the input's pixels to the picture's, clipped to it; may be empty.
  cv::Rect2d back(const cv::Rect2d& box) const;

 private:
  cv::Size frame_, input_, seen_;
  double x_ = 1, y_ = 1;  // pixels of the input per pixel of the picture
};

/// The pixels of the input that show the frame.
cv::Size seen_on(cv::Size frame, cv::Size input, Fit fit);

/// The input with the shape of the frame: sides divisible by 32, no more pixels than a square of this side.
cv::Size shaped_input(cv::Size frame, int side);

}  // namespace lynceus::people

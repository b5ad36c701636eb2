// A picture, or parts of one, onto a network's input in one pass: fitted, coloured, scaled, as planes of floats.
//
// Luma and chroma are averaged before they become colours, so that only the pixels of the input are converted and not
// those of the picture; on average that is within half a level of what resizing bgr() gives (tests/unit/sdk). Pictures of
// 8UC3 give what cv::resize gives. Thread: reentrant.
//
//   cv::Mat input = inference.input(model, {1, 3, 256, 416});
//   sdk::fill_input(input, 114, pixels);                            // grey where no picture comes to lie
//   sdk::draw_input(frame, {0, 0, 416, 234}, pixels, input);        // `frame`: an sdk::Frame, or 8UC3
#pragma once

#include <opencv2/core.hpp>

#include "plugins/sdk/frame.h"

namespace lynceus::sdk {

/// What the numbers of an input are made of: (value of the picture − mean) × scale, per channel, blue first.
struct Pixels {
  cv::Scalar mean = {0, 0, 0};
  cv::Scalar scale = {1, 1, 1};
  bool rgb = false;  ///< the input's first plane is red, else blue
};

/// Borrowed pixels: a frame's, or those of a picture of 8UC3; a rectangle of them. For one call.
class PictureRef {
 public:
  PictureRef(const Frame& frame) : frame_(&frame), part_({0, 0}, frame.size()) {}
  PictureRef(const cv::Mat& bgr) : bgr_(bgr), part_({0, 0}, bgr.size()) {}

  cv::Size size() const { return part_.size(); }
  bool empty() const { return part_.empty(); }
  /// A rectangle inside this one.
  PictureRef operator()(const cv::Rect& part) const;
  /// 8UC3; of a frame: converts all of it, at the first call.
  cv::Mat bgr() const { return (frame_ ? frame_->bgr() : bgr_)(part_); }

  /// Null: only bgr() is there.
  const Planes* planes() const { return frame_ ? frame_->planes() : nullptr; }
  const cv::Rect& rect() const { return part_; }  ///< of the frame, or of the picture

 private:
  const Frame* frame_ = nullptr;
  cv::Mat bgr_;
  cv::Rect part_;
};

/// Sets all of an input (1×3×H×W, CV_32F) to a level of grey.
void fill_input(cv::Mat& input, double grey, const Pixels& pixels);

/// Draws the view into a rectangle of an input. To half its size and less pixels are averaged, else interpolated
/// linearly. Throws std::invalid_argument where the rectangle is not inside the input.
void draw_input(const PictureRef& view, const cv::Rect& at, const Pixels& pixels, cv::Mat& input);

}  // namespace lynceus::sdk

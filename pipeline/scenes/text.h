// Burnt-in text as cameras write it: Hershey letters of a given height, with a dark edge where asked.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <string>

namespace lynceus::scenes {

struct TextStyle {
  double height_px = 12;
  cv::Scalar colour{255, 255, 255};
  bool outlined = false;  ///< a dark edge keeps it readable on anything
};

cv::Size text_size(const std::string& text, const TextStyle& style);
/// `top_left` is the upper left corner of the letters' box.
void draw_text(cv::Mat& picture, const std::string& text, cv::Point top_left, const TextStyle& style);

}  // namespace lynceus::scenes

// Lines of burnt-in text in a part of a picture: white or black ink that stands out from what is behind it.
//
// The part is enlarged so that letters are some 20 to 60 pixels high; components of ink become glyphs, glyphs of one
// height in a row become a line, touching letters are taken apart where that reads better. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace lynceus::pipes {

/// A line's characters: figures, '-', '.', 'o' for a degree ring, C, F, '?' for others.
struct TextLine {
  std::string text;
  std::vector<double> confidence;  ///< one a character
  std::vector<cv::Rect> boxes;     ///< likewise, in the picture
  double letter_px = 0;            ///< height, in the picture
};

/// `hidden` (of the picture) is no text: the scale bar.
std::vector<TextLine> find_text(const cv::Mat& bgr, const cv::Rect& part, const cv::Rect& hidden, bool dark_ink);

}  // namespace lynceus::pipes

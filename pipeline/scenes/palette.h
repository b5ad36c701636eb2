// False-colour palettes of thermal cameras, generated here: 256 colours from cold to hot.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::scenes {

/// Iron: black, violet, red, orange, yellow, white. Red never falls and luminance rises with every entry.
/// 1×256 CV_8UC3 (BGR), made for cv::LUT.
cv::Mat iron_palette();
/// 8-bit picture to BGR through a palette.
cv::Mat colourise(const cv::Mat& grey, const cv::Mat& palette);

}  // namespace lynceus::scenes

// Pixels of burnt-in text, cross-hairs and logos: thin strokes of white or black, and their blurred sides.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

#include "plugins/pipes/scale_watch.h"

namespace lynceus::pipes {

/// 255 where the picture is covered. `known` tells which colours are of the palette at all.
cv::Mat overlay_mask(const cv::Mat& bgr, const cv::Mat& known);

/// The bar with its frame.
cv::Rect grown_bar(const ScaleState& scale, cv::Size size);

}  // namespace lynceus::pipes

// How important each pixel of the night picture is, as published: by its brightness and edges, by what changed.
// All pictures are 8UC3 or 32FC3, weights 32FC1 in 0..1. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

#include "plugins/context/settings.h"

namespace lynceus::context {

/// 32FC1, 0.299 R + 0.587 G + 0.114 B.
cv::Mat luminance(const cv::Mat& bgr);
/// Length of the forward differences.
cv::Mat gradient_length(const cv::Mat& plane);

/// 255 where the night picture is bright (above 96) or has edges (above 12).
cv::Mat bright_or_edged(const cv::Mat& night);
/// 1 where it is bright or edged, grown by 3×3 and smoothed by 2 px; `maximum`: 1 where its gradient is the greater.
cv::Mat still_importance(const cv::Mat& night, const cv::Mat& day, ImportanceRule rule);
/// What differs from the night reference by more than 25 levels, over its maximum (grey) or 1 (binary).
cv::Mat difference_mask(const cv::Mat& night, const cv::Mat& reference, MaskRule rule);
/// Greatest difference over the channels, 32FC1.
cv::Mat greatest_difference(const cv::Mat& a, const cv::Mat& b);

}  // namespace lynceus::context

// Finds the burnt-in scale bar: a narrow strip of a palette's colours near a border of the picture, even across, never
// the same along. Where the bar's rectangle is given, trimmed() drops rows of its frame. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

namespace lynceus::pipes {

struct FoundBar {
  cv::Rect bar;
  bool horizontal = false;
  double score = 0;
};

std::optional<FoundBar> find_bar(const cv::Mat& bgr);

/// How far the colours of a strip are those of a scale: 0 (none) … 1.
double bar_quality(const cv::Mat& bgr, const cv::Rect& bar);

/// The given rectangle cut to the picture, without rows at its ends that belong to a frame; empty when it is no bar.
cv::Rect trimmed(const cv::Mat& bgr, const cv::Rect& bar);

}  // namespace lynceus::pipes

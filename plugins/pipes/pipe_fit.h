// Two edges and an axis laid through a warm part of the picture. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "plugins/pipes/pipe_lines.h"

namespace lynceus::pipes {

struct Fitted {
  PipeLines lines;
  double support = 0, explained = 0;  ///< shares of the worse edge: on its line; on it or where a fault may put it
};

/// Without what is much thinner than the part's thickest place: branches, and lamps that touch it. `box` is where `own`
/// lies in the picture of `size`; outside of the picture counts as the part's own.
cv::Mat without_thin_parts(const cv::Mat& own, const cv::Rect& box, cv::Size size);

/// `at` is where the mask lies in the picture. Nothing where it has too few edges.
std::optional<Fitted> fit(const cv::Mat& mask, cv::Point at, cv::Size size);

}  // namespace lynceus::pipes

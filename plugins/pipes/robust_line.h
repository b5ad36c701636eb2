// A line through points of which many lie elsewhere, on one known side more likely than on the other. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <span>

#include "plugins/pipes/pipe_lines.h"

namespace lynceus::pipes {

struct LineFit {
  EdgeLine line;
  double support = 0;    ///< share of points within the tolerance
  double tolerated = 0;  ///< share beyond it on the tolerated side
};

/// Points far on the side of `tolerated_side` (+1: above the line in value) count a third: bare sections narrow an edge
/// and warm a core, but nothing widens or cools them for long.
LineFit robust_line(std::span<const cv::Point2d> points, double tolerance, int tolerated_side, double steepest = 1);

}  // namespace lynceus::pipes

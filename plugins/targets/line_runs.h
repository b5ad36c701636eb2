// A line as runs of one, two and three of its points: what the line filter folds once and then uses for many points.
//
// The points of a run follow each other by one step (right, down, or down to a side). Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace lynceus::targets {

constexpr int kLongestRun = 3;

struct Run {
  int length = 1;  ///< 1 … kLongestRun
  cv::Point last;  ///< its points are last, last − step, last − 2 step
};

struct LineRuns {
  cv::Point step;
  std::vector<Run> runs;  ///< all points of the line, some of them twice
};

/// Along the step that needs the fewest runs.
LineRuns runs_of(const std::vector<cv::Point>& line);

}  // namespace lynceus::targets

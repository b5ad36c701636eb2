// Which pixels of the full picture are looked at: stretches of every n-th row, outside the ignored polygons.
//
// About 90 rows of the picture at full width: enough that any change of a live picture touches them, and little enough to
// cost next to nothing. Thread: bound to the analyzer.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "plugins/sdk/options.h"

namespace lynceus::health {

/// Part of one row: columns [begin, end).
struct Run {
  int row = 0, begin = 0, end = 0;
};

/// 255 inside the polygons (0..1 of the picture), 0 elsewhere.
cv::Mat polygon_mask(const std::vector<sdk::Polygon>& polygons, cv::Size size);

std::vector<Run> grid_runs(const std::vector<sdk::Polygon>& ignored, cv::Size size);

}  // namespace lynceus::health

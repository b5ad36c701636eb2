// Zones that the room itself proposes: its floor, its walls, as polygons of few corners. Thread: any.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "plugins/scene/classes.h"
#include "plugins/sdk/options.h"

namespace lynceus::scene {

/// Polygons (0..1 of the picture) around the largest connected parts of a class, largest first; at most three, none
/// smaller than a fiftieth of the picture. `labels`: CV_8UC1.
std::vector<sdk::Polygon> outlines(const cv::Mat& labels, Part part);

}  // namespace lynceus::scene

// Boxes around the connected parts of a mask: small ones dropped, near ones merged, the largest 32 kept.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace lynceus::camera {

inline constexpr std::size_t kMostRegions = 32;

/// `mask` CV_8UC1; parts are 8-connected; `least_cells` after merging. Largest first, in cells of the mask.
std::vector<cv::Rect> find_regions(const cv::Mat& mask, int least_cells);

}  // namespace lynceus::camera

// The points of a line through the origin, as the multi-level filter opens with it.
//
// Direction t of n: pixels (round(i cos t), −round(i sin t)), i = −length/2 … length/2, each once. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace lynceus::targets {

/// `direction` 0 … directions − 1 stands for the angle direction · 180° / directions; `length` is odd.
std::vector<cv::Point> line_element(int direction, int directions, int length);

/// The same as a structuring element of OpenCV, anchor in the middle.
cv::Mat line_mask(int direction, int directions, int length);

}  // namespace lynceus::targets

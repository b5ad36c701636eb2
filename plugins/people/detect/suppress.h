// Of boxes on the same person only the best stays. Thread: any.
#pragma once

#include <vector>

#include "plugins/people/detection.h"

namespace lynceus::people {

/// Intersection over union; 0 for empty boxes.
double overlap(const cv::Rect2d& a, const cv::Rect2d& b);

/// Best first, without those that overlap a better one by more than `iou`. At most 1,000 go in, the best.
std::vector<Detection> suppress(std::vector<Detection> boxes, double iou);

}  // namespace lynceus::people

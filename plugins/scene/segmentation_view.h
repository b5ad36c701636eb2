// The picture with its classes laid over it in colours, and a legend of those that are there. Thread: any.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::scene {

/// `labels`: CV_8UC1 of any size; `classes`: 4, 13 or 40.
cv::Mat draw_segmentation(const cv::Mat& bgr, const cv::Mat& labels, int classes);

}  // namespace lynceus::scene

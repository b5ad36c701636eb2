// Distances within a mask to the nearest pixel that is 0, in small integers: a fraction of the time of exact ones.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::pipes {

constexpr int kChamferUnit = 90;     ///< one pixel
constexpr int kChamferMost = 32000;  ///< what is farther counts as this

/// CV_16S of the mask's size (CV_8UC1). Beyond the mask's border nothing is 0.
cv::Mat chamfer(const cv::Mat& mask);

}  // namespace lynceus::pipes

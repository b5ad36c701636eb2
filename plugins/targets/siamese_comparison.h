// How a search crop's features compare with a template's: every channel correlated with its own 4×4 kernel, and of the
// second half of the channels how far their mean is off the template's. Our own, since OpenCV 4.6 runs no convolution
// whose kernel is another network's output. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::targets {

constexpr int kKernelSide = 4, kFeatureSide = 20, kGridSide = kFeatureSide - kKernelSide + 1;

/// The template's features: those in the middle of its own crop's. 1×C×20×20 → 1×C×4×4.
cv::Mat middle_of(const cv::Mat& features);
/// 1×C×4×4 and 1×C×20×20 → 1×(C + C/2)×17×17.
cv::Mat compared(const cv::Mat& kernel, const cv::Mat& features);

}  // namespace lynceus::targets

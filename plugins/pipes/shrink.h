// A smaller picture of temperatures: means over areas, of what is known alone. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::pipes {

/// `celsius` is CV_32F, `known` is 255 where it is a temperature and else 0; both of any size. `small_known` becomes
/// the known share of each area, 0 … 255; where nothing is known, `small` is 0. `factor` is at most 1.
void shrink(const cv::Mat& celsius, const cv::Mat& known, double factor, cv::Mat& small, cv::Mat& small_known);

}  // namespace lynceus::pipes

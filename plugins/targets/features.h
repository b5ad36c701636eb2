// What a peak looks like, in numbers that mean the same in every picture: how it stands out from rings around it, how
// pointed and how round it is, what else stands out nearby and in the whole picture. Thread: reentrant.
#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "plugins/targets/peaks.h"

namespace lynceus::targets {

constexpr int kFeatures = 22;
using Features = std::array<float, kFeatures>;

/// Of a whole picture.
struct PictureFigures {
  float top = 0;   ///< greatest residual
  float most = 0;  ///< what 99 % of the residuals do not exceed
};
PictureFigures picture_figures(const cv::Mat& residual);

/// `picture` and `residual` are CV_8UC1 of the same size.
Features features_of(const cv::Mat& picture, const cv::Mat& residual, const Peak& peak, const PictureFigures& whole);

/// Where the picture around the peak stays above half of its height: a box in pixels, at least one.
cv::Rect half_height_box(const cv::Mat& picture, const cv::Mat& residual, cv::Point peak);

}  // namespace lynceus::targets

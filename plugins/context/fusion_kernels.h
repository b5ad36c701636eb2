// The loops over pixels of the fusion, rows shared between OpenCV's threads. Planes are 32FC1. Thread: reentrant.
#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "plugins/context/envelope.h"

namespace lynceus::context {

/// 0.299 R + 0.587 G + 0.114 B, 32FC1.
cv::Mat luma_of(const cv::Mat& bgr);

/// M of the brightness, B - Y and R - Y; the colours may have half the size. The planes are there already.
void subtract_pictures(const cv::Mat& night, const cv::Mat& day, std::array<cv::Mat, 3>& m);
/// Means of 2×2 pixels; `out` has half the size, rounded up.
void halve(const cv::Mat& plane, cv::Mat& out);

/// out = div(w grad m) - screen w m - temporal past; nothing flows across the border. `past` may be empty.
void right_side(const cv::Mat& m, const cv::Mat& w, double screen, double temporal, const cv::Mat& past, cv::Mat& out);

struct Composed {
  const cv::Mat &day, &night;                 ///< 8UC3
  const cv::Mat &weight, &luma, &blue, &red;  ///< v of the brightness; of colour v - W M, of full or half size
  const cv::Mat &influence, &things;          ///< 8UC1; both empty: the solution is taken as it is
  const Range& range;
};
/// result = day + what the solution adds.
void compose(const Composed& parts, cv::Mat& result);

/// Sums of |grad v - w grad m|² and of |grad day + w grad m|².
void sum_residual(const cv::Mat& v, const cv::Mat& m, const cv::Mat& w, const cv::Mat& day, double& off, double& all);

}  // namespace lynceus::context

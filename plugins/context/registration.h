// Whether two pictures show the same view, by their edges: grey levels mislead where lamps and shadows move.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::context {

struct Registration {
  cv::Point2d shift_px;  ///< how far `now` lies from `known`
  bool certain = false;  ///< enough edges agree to tell
  double agreement = 0;  ///< correlation of the edges at that shift
  double unmoved = 0;    ///< … at none

  double distance_px() const;
};

/// 8UC3 of one size. Shifts beyond a quarter of the picture are not found.
Registration register_pictures(const cv::Mat& known, const cv::Mat& now);

/// The picture moved by so much; what is not known is repeated from the border.
cv::Mat moved_by(const cv::Mat& picture, cv::Point2d shift_px);

/// Correlation of the edges of two pictures, 0 … 1: how alike two views are whatever the light.
double edge_agreement(const cv::Mat& a, const cv::Mat& b);

}  // namespace lynceus::context

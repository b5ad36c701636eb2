// Solves  laplacian(u) - screen · u = f  on a rectangle, exactly, by cosine and sine transforms of any size.
//
// Each axis ends as Ends says: even is Neumann's condition (no slope across the border), odd is zero at the border. With
// both axes even and no screen the mean of u is not determined and comes out as 0.
// Thread: reentrant; works with OpenCV's threads.
//
//   const Poisson<float> poisson({320, 240}, Ends::even, Ends::even);
//   cv::Mat plane = make_plane<float>({320, 240});   // holds f …
//   poisson.solve(plane, 0);                         // … and now u
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "plugins/context/axis_plan.h"

namespace lynceus::context {

/// CV_32FC1 or CV_64FC1 of zeros, with rows long enough for the transforms.
template <class S>
cv::Mat make_plane(cv::Size size);

template <class S>
class Poisson {
 public:
  Poisson(cv::Size size, Ends horizontal, Ends vertical);
  /// `plane` is one of make_plane() of this size.
  void solve(cv::Mat& plane, double screen) const;

 private:
  std::shared_ptr<const AxisPlan<S>> horizontal_, vertical_;
};

}  // namespace lynceus::context

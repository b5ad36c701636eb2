// A closed walk over the floor at a steady speed: a smooth loop through given points.
//
//   const Walk walk({{-2, 5}, {2, 6}, {0, 9}}, 1.25);   const auto [at, heading, travelled] = walk.at(time_s);
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace lynceus::scenes {

class Walk {
 public:
  struct State {
    cv::Point2d ground;
    double heading = 0;  ///< radians from +X towards +Y
    double travelled_m = 0;
  };

  Walk(const std::vector<cv::Point2d>& corners, double metres_a_second, double start_m = 0);
  State at(double time_s) const;
  double length_m() const { return lengths_.back(); }

 private:
  std::vector<cv::Point2d> points_;  // dense, closed
  std::vector<double> lengths_;      // up to each of them
  double speed_, start_;
};

}  // namespace lynceus::scenes

// Where somebody is and how he walks: a Kalman filter of position and velocity in a plane, by white noise of
// acceleration.
//
// The plane's unit is the caller's (metres of the floor, pixels). Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::people {

/// Position with its uncertainty.
struct Spot {
  cv::Point2d at;
  cv::Matx22d covariance = cv::Matx22d::eye();
};

class Motion {
 public:
  /// Standing still for all that is known, but for `speed`: its standard deviation along each axis.
  Motion(const Spot& seen, const cv::Matx22d& speed_covariance);

  /// `noise`: covariance of acceleration, per second. Velocity fades to its half in `half_s` (0: it stays).
  void predict(double dt, const cv::Matx22d& noise, double half_s = 0);
  void update(const Spot& seen);

  struct Surprise {
    double distance2;    ///< Mahalanobis, squared
    double determinant;  ///< of the innovation's covariance
  };
  Surprise surprise(const Spot& seen) const;

  cv::Point2d position() const { return {x_[0], x_[1]}; }
  cv::Point2d velocity() const { return {x_[2], x_[3]}; }
  cv::Matx22d position_covariance() const { return {p_(0, 0), p_(0, 1), p_(1, 0), p_(1, 1)}; }

 private:
  cv::Vec4d x_;
  cv::Matx44d p_;
};

}  // namespace lynceus::people

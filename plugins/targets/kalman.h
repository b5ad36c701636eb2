// Where a target is and how fast, with how much doubt: constant velocity, pixels and frames, both axes alike.
// Thread: bound to its owner.
#pragma once

#include <cmath>
#include <opencv2/core.hpp>

namespace lynceus::targets {

class Kalman {
 public:
  Kalman() = default;
  explicit Kalman(cv::Point2d at) : at_(at) {}

  void predict(double frames = 1) {
    at_ += velocity_ * frames;
    const double q = kAcceleration * kAcceleration, t = frames;
    pp_ += 2 * t * pv_ + t * t * vv_ + q * t * t * t * t / 4;
    pv_ += t * vv_ + q * t * t * t / 2;
    vv_ += q * t * t;
  }
  /// `sigma` of the measurement, pixels.
  void correct(cv::Point2d measured, double sigma) {
    const double s = pp_ + sigma * sigma, kp = pp_ / s, kv = pv_ / s;
    const cv::Point2d innovation = measured - at_;
    at_ += kp * innovation;
    velocity_ += kv * innovation;
    vv_ -= kv * pv_;
    pv_ *= 1 - kp;
    pp_ *= 1 - kp;
  }
  /// Squared distance in units of the doubt.
  double distance2(cv::Point2d measured, double sigma) const {
    const cv::Point2d innovation = measured - at_;
    return innovation.dot(innovation) / (pp_ + sigma * sigma);
  }
  /// The camera has moved: what stood still is now `shift` elsewhere.
  void shift(cv::Point2d by) { at_ += by; }
  void slow_down(double factor) { velocity_ *= factor; }

  cv::Point2d at() const { return at_; }
  cv::Point2d velocity() const { return velocity_; }
  double doubt_px() const { return std::sqrt(pp_); }

 private:
  static constexpr double kAcceleration = 0.5;  // pixels a frame²
  cv::Point2d at_, velocity_;
  double pp_ = 4, pv_ = 0, vv_ = 9;
};

}  // namespace lynceus::targets

#include "plugins/people/motion.h"

#include <algorithm>
#include <cmath>

namespace lynceus::people {
namespace {

/// Puts a 2×2 block into one of the four corners, times a factor.
void add_block(cv::Matx44d& m, int row, int column, const cv::Matx22d& block, double factor) {
  for (int r = 0; r < 2; ++r) {
    for (int c = 0; c < 2; ++c) m(row + r, column + c) += factor * block(r, c);
  }
}

}  // namespace

Motion::Motion(const Spot& seen, const cv::Matx22d& speed_covariance)
    : x_(seen.at.x, seen.at.y, 0, 0), p_(cv::Matx44d::zeros()) {
  add_block(p_, 0, 0, seen.covariance, 1);
  add_block(p_, 2, 2, speed_covariance, 1);
}

void Motion::predict(double dt, const cv::Matx22d& noise, double half_s) {
  if (!(dt > 0)) return;
  const double keep = half_s > 0 ? std::exp2(-dt / half_s) : 1;
  const double reach = half_s > 0 ? (1 - keep) * half_s / std::log(2.0) : dt;
  const cv::Matx44d f(1, 0, reach, 0, 0, 1, 0, reach, 0, 0, keep, 0, 0, 0, 0, keep);
  x_ = f * x_;
  p_ = f * p_ * f.t();
  add_block(p_, 0, 0, noise, dt * dt * dt / 3);
  add_block(p_, 0, 2, noise, dt * dt / 2);
  add_block(p_, 2, 0, noise, dt * dt / 2);
  add_block(p_, 2, 2, noise, dt);
}

void Motion::update(const Spot& seen) {
  const cv::Matx22d s = position_covariance() + seen.covariance;
  const cv::Matx22d inverse = s.inv();
  const cv::Vec2d off(seen.at.x - x_[0], seen.at.y - x_[1]);
  const cv::Matx<double, 4, 2> ph(p_(0, 0), p_(0, 1), p_(1, 0), p_(1, 1), p_(2, 0), p_(2, 1), p_(3, 0), p_(3, 1));
  const cv::Matx<double, 4, 2> gain = ph * inverse;
  x_ += gain * off;
  p_ = p_ - gain * ph.t();
  p_ = (p_ + p_.t()) * 0.5;
}

Motion::Surprise Motion::surprise(const Spot& seen) const {
  const cv::Matx22d s = position_covariance() + seen.covariance;
  const cv::Vec2d off(seen.at.x - x_[0], seen.at.y - x_[1]);
  return {off.dot(s.inv() * off), std::max(cv::determinant(s), 1e-300)};
}

}  // namespace lynceus::people

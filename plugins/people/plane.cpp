#include "plugins/people/plane.h"

#include <algorithm>

namespace lynceus::people {
namespace {

constexpr double kSidewaysShare = 0.04, kUpwardsShare = 0.055;  // of a box's height
constexpr double kLeast_px = 1;
constexpr double kForeshortened = 0.4;  // a metre of depth against one across, for cameras as they usually hang

}  // namespace

cv::Vec2d foot_sigma(double height) {
  return {std::max(kLeast_px, kSidewaysShare * height), std::max(kLeast_px, kUpwardsShare * height)};
}

std::optional<Spot> Plane::spot(const cv::Point2d& foot, double height) const {
  const cv::Vec2d sigma = foot_sigma(height);
  const cv::Matx22d noise(sigma[0] * sigma[0], 0, 0, sigma[1] * sigma[1]);
  if (ground_ == nullptr) return Spot{foot, noise};
  const auto at = ground_->metres(foot);
  const auto jacobian = ground_->jacobian(foot);
  if (!at || !jacobian) return std::nullopt;
  return Spot{*at, *jacobian * noise * jacobian->t()};
}

std::optional<cv::Point2d> Plane::foot(const cv::Point2d& at) const {
  return ground_ == nullptr ? std::optional(at) : ground_->pixel(at);
}

cv::Vec2d Plane::metre(double height) const {
  if (ground_ != nullptr) return {1, 1};
  const double across = std::max(height, 1.0) / kPersonHeight_m;
  return {across, kForeshortened * across};
}

}  // namespace lynceus::people

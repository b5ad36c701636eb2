#include "pipeline/scenes/walk.h"

#include <algorithm>
#include <cmath>

namespace lynceus::scenes {
namespace {

constexpr int kSteps = 40;  // between two corners

/// Catmull-Rom: passes through b and c.
cv::Point2d spline(cv::Point2d a, cv::Point2d b, cv::Point2d c, cv::Point2d d, double t) {
  return 0.5 * (2 * b + t * (c - a) + t * t * (2 * a - 5 * b + 4 * c - d) + t * t * t * (3 * b - a - 3 * c + d));
}

}  // namespace

Walk::Walk(const std::vector<cv::Point2d>& corners, double metres_a_second, double start_m)
    : speed_(metres_a_second), start_(start_m) {
  const std::size_t count = corners.size();
  for (std::size_t i = 0; i < count; ++i) {
    for (int step = 0; step < kSteps; ++step) {
      points_.push_back(spline(corners[i], corners[(i + 1) % count], corners[(i + 2) % count], corners[(i + 3) % count],
                               static_cast<double>(step) / kSteps));
    }
  }
  points_.push_back(points_.front());
  lengths_.push_back(0);
  for (std::size_t i = 1; i < points_.size(); ++i) {
    lengths_.push_back(lengths_.back() + cv::norm(points_[i] - points_[i - 1]));
  }
}

Walk::State Walk::at(double time_s) const {
  const double travelled = start_ + speed_ * time_s;
  const double lap = travelled - std::floor(travelled / length_m()) * length_m();
  const auto next = std::upper_bound(lengths_.begin() + 1, lengths_.end() - 1, lap);
  const auto i = static_cast<std::size_t>(next - lengths_.begin());
  const cv::Point2d way = points_[i] - points_[i - 1];
  const double part = (lap - lengths_[i - 1]) / std::max(1e-9, lengths_[i] - lengths_[i - 1]);
  return {points_[i - 1] + part * way, std::atan2(way.y, way.x), travelled};
}

}  // namespace lynceus::scenes

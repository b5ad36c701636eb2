#include "pipeline/scenes/ground_camera.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace lynceus::scenes {

GroundCamera::GroundCamera(const Settings& settings)
    : size_(settings.size),
      height_(settings.height_m),
      sine_(std::sin(settings.pitch_degrees * std::numbers::pi / 180)),
      cosine_(std::cos(settings.pitch_degrees * std::numbers::pi / 180)),
      focal_(settings.focal_px) {}

double GroundCamera::depth(const cv::Point3d& world) const { return world.y * cosine_ - (world.z - height_) * sine_; }

cv::Point2d GroundCamera::pixel(const cv::Point3d& world) const {
  const double away = depth(world);
  const double down = -world.y * sine_ - (world.z - height_) * cosine_;
  return {size_.width / 2.0 + focal_ * world.x / away, size_.height / 2.0 + focal_ * down / away};
}

std::optional<cv::Point2d> GroundCamera::ground(const cv::Point2d& pixel) const {
  const double right = (pixel.x - size_.width / 2.0) / focal_, down = (pixel.y - size_.height / 2.0) / focal_;
  const double falling = sine_ + down * cosine_;  // of the ray, per unit of depth
  if (falling <= 1e-9) return std::nullopt;
  const double away = height_ / falling;
  return cv::Point2d(right * away, (cosine_ - down * sine_) * away);
}

cv::Matx33d GroundCamera::ground_to_pixel() const {
  const double cx = size_.width / 2.0, cy = size_.height / 2.0;
  return {focal_,
          cx * cosine_,
          cx * height_ * sine_,  //
          0,
          cy * cosine_ - focal_ * sine_,
          cy * height_ * sine_ + focal_ * height_ * cosine_,  //
          0,
          cosine_,
          height_ * sine_};
}

cv::Mat ground_map(const GroundCamera& camera) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  cv::Mat map(camera.size(), CV_64FC2);
  for (int y = 0; y < map.rows; ++y) {
    for (int x = 0; x < map.cols; ++x) {
      const auto at = camera.ground({x + 0.5, y + 0.5});
      map.at<cv::Vec2d>(y, x) = at ? cv::Vec2d(at->x, at->y) : cv::Vec2d(kNone, kNone);
    }
  }
  return map;
}

}  // namespace lynceus::scenes

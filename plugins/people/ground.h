// From the picture to the floor: metres under a pixel, what an error of a pixel means there, and where the horizon is.
//
//   const auto ground = Ground::of(*camera.ground, frame.size());
//   if (const auto here = ground.metres(foot)) …            // nothing at or above the horizon
//
// Coordinates of the floor are those of the four points, or of the calibration's world (metres, z = 0).
// Thread: immutable, any.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "plugins/sdk/options.h"

namespace lynceus::people {

class Ground {
 public:
  /// For pictures of this size. Throws std::invalid_argument with the reason when it maps no floor.
  static Ground of(const sdk::Ground& described, cv::Size picture);
  /// Undistorted pixels to metres; the third coordinate is positive on the floor's side of the horizon.
  explicit Ground(const cv::Matx33d& to_metres);

  std::optional<cv::Point2d> metres(const cv::Point2d& pixel) const;
  std::optional<cv::Point2d> pixel(const cv::Point2d& metres) const;
  /// d metres / d pixel.
  std::optional<cv::Matx22d> jacobian(const cv::Point2d& pixel) const;

  bool calibrated() const { return calibrated_; }
  /// Focal length in pixels of the picture, where it is known.
  std::optional<double> focal_px() const { return focal_; }

 private:
  Ground() = default;
  static Ground of_points(const sdk::Ground::Homography& points, cv::Size picture);
  static Ground of_camera(const sdk::Ground::Calibration& camera, cv::Size picture);

  cv::Point2d straight(const cv::Point2d& pixel) const;
  cv::Point2d bent(const cv::Point2d& pixel) const;

  cv::Matx33d to_metres_, to_pixel_;
  bool calibrated_ = false;
  std::optional<double> focal_;
  cv::Matx33d k_ = cv::Matx33d::eye();
  std::vector<double> distortion_;  ///< empty: none
};

}  // namespace lynceus::people

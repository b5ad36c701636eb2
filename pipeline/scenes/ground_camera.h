// A pinhole camera above a flat floor: pixels to metres and back, exactly.
//
// World: X to the right, Y away from the camera along the floor, Z up, metres; the camera stands at (0, 0, height) and
// looks along +Y, `pitch` below the horizon. Picture: the principal point is its centre, square pixels, no distortion.
//   depth d = Y cos p + (h − Z) sin p;   x = w/2 + f X / d;   y = height/2 + f ((h − Z) cos p − Y sin p) / d
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

namespace lynceus::scenes {

class GroundCamera {
 public:
  struct Settings {
    cv::Size size{640, 480};
    double height_m = 3;
    double pitch_degrees = 18;
    double focal_px = 554;
  };
  explicit GroundCamera(const Settings& settings);

  /// Distance along the line of sight; not positive: behind the camera.
  double depth(const cv::Point3d& world) const;
  /// Meaningful for a positive depth.
  cv::Point2d pixel(const cv::Point3d& world) const;
  /// Where the ray through a pixel meets the floor; nothing at or above the horizon.
  std::optional<cv::Point2d> ground(const cv::Point2d& pixel) const;
  /// Pixels a metre takes at this point.
  double pixels_per_metre(const cv::Point3d& world) const { return focal_ / depth(world); }
  /// Floor metres to homogeneous pixels, as calibration files and tests want it.
  cv::Matx33d ground_to_pixel() const;

  cv::Size size() const { return size_; }
  double height_m() const { return height_; }

 private:
  cv::Size size_;
  double height_, sine_, cosine_, focal_;
};

/// Floor metres under every pixel (CV_64FC2); NaN at and above the horizon.
cv::Mat ground_map(const GroundCamera& camera);

}  // namespace lynceus::scenes

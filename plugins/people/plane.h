// The plane in which people are tracked: the floor in metres where it is known, else the picture.
//
// Says where a box stands, how sure that is, and how many units of the plane a metre is there, so that one tracker with
// one idea of how people walk serves both. Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "plugins/people/ground.h"
#include "plugins/people/motion.h"

namespace lynceus::people {

constexpr double kPersonHeight_m = 1.70;

class Plane {
 public:
  /// The picture, where nothing is known of the floor.
  Plane() = default;
  /// The floor; `ground` outlives the plane.
  explicit Plane(const Ground* ground) : ground_(ground) {}

  bool metric() const { return ground_ != nullptr; }
  /// Where somebody `height` pixels high stands whose foot is at this pixel; nothing beyond the horizon.
  std::optional<Spot> spot(const cv::Point2d& foot, double height) const;
  std::optional<cv::Point2d> foot(const cv::Point2d& at) const;
  /// Units of the plane a metre is, along each axis, for somebody `height` pixels high.
  cv::Vec2d metre(double height) const;

 private:
  const Ground* ground_ = nullptr;
};

/// Standard deviations of a detector's foot point, in pixels.
cv::Vec2d foot_sigma(double height);

}  // namespace lynceus::people

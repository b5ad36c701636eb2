// Which of the four methods measures distances in this picture, in which unit, and where somebody is for it.
//
//   pixels        points of the picture (foot or centre)
//   perspective   size · f / Z of a person 1.70 m high, in metres of the camera
//   homography, calibration   metres of the floor
//
// Thread: immutable, any.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plugins/people/ground.h"
#include "plugins/people/person.h"
#include "plugins/people/settings.h"

namespace lynceus::people {

class Yardstick {
 public:
  /// `ground` may be null and outlives the yardstick. Throws std::invalid_argument when the method lacks what it needs.
  Yardstick(const Settings& settings, const Ground* ground, cv::Size picture);

  Method method() const { return method_; }
  bool metric() const { return method_ != Method::pixels; }
  bool on_floor() const { return method_ == Method::homography || method_ == Method::calibration; }
  const char* unit() const { return metric() ? "m" : "px"; }
  double limit() const { return limit_; }
  /// Whether it matters that feet are seen.
  bool needs_feet() const { return !centre_; }

  /// Where somebody is; nothing for somebody unknown.
  std::optional<Spot> spot(const Person& person) const;

  /// What a view from above shows: the floor, or the picture.
  cv::Rect2d area(const Settings& settings) const;
  std::optional<cv::Point2d> place(const Person& person) const;

 private:
  std::optional<cv::Rect2d> floor_seen(double range_m) const;

  const Ground* ground_;
  const cv::Size picture_;
  Method method_;
  bool centre_ = false;
  double limit_ = 0, focal_ = 0;
};

}  // namespace lynceus::people

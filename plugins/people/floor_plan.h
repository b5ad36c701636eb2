// The view from above: the floor in metres, or the picture itself where nothing is known of the floor, with everybody
// as a disc of half the limit, the ways they came, and where people were too close over time.
//
//   FloorPlan plan(area, size, limit, up);   plan.note(people, pairs, time_s);   plan.draw(people, pairs)
//
// Red: too close; green: not; blue: a group; grey, without a disc: unknown. Thread: bound to its owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "plugins/people/person.h"

namespace lynceus::people {

cv::Scalar colour_of(State state);

class FloorPlan {
 public:
  /// `area` in units of the plane fills `size` as far as its shape allows; `metric`: y grows upwards.
  FloorPlan(const cv::Rect2d& area, cv::Size size, double limit, bool metric);

  /// Where somebody is, in the plan's units.
  using Places = std::span<const std::optional<cv::Point2d>>;
  void note(std::span<const Person> people, Places places, std::span<const Pair> pairs, double time_s);
  cv::Mat draw(std::span<const Person> people, Places places, std::span<const Pair> pairs) const;
  /// Minutes that pairs were too close, by place: black, red, yellow, white.
  cv::Mat draw_heat() const;
  void reset_trails() { trails_.clear(); }

  std::vector<std::byte> heat_blob() const;
  /// A blob of another shape is left alone.
  void restore_heat(std::span<const std::byte> blob);

 private:
  cv::Point2d spot(const cv::Point2d& place) const;
  cv::Mat background() const;
  cv::Point cell_of(const cv::Point2d& place) const;

  const cv::Rect2d area_;
  const cv::Size size_;
  const double limit_, scale_;
  const bool metric_;
  struct Trail {
    std::deque<std::pair<double, cv::Point2d>> points;  ///< when and where
    double seen_s = 0;
  };
  std::map<std::int64_t, Trail> trails_;
  cv::Mat heat_;  ///< CV_32F, seconds
  double last_s_ = -1;
};

}  // namespace lynceus::people

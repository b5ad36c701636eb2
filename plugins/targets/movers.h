// What moves in the picture of a thermal camera and is of a person's or a vehicle's size: a detector trained by day misses
// much of it at night. Told to the analyzers after this one; `people` counts it into zones.
//
// Parts that move (the gate's) are joined over time; confirmed when seen often enough and once it has left its place by
// half its size (a bush that sways has not); kept for a while when it stands still. Somebody a detector has is left out.
// Owner: the analyzer. Thread: bound to it.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/sdk/input.h"
#include "plugins/sdk/observations.h"
#include "plugins/sdk/options.h"

namespace lynceus::targets {

struct MoverSettings {
  double least_px = 12, most_px = 400;  ///< of the larger side, where the camera's ground is not known
  double least_m = 0.5, most_m = 15;    ///< where it is
};

/// Metres of what stands on the floor. Lens distortion is left aside.
class FloorScale {
 public:
  FloorScale(const sdk::Ground& ground, cv::Size picture);
  /// The larger side of a box whose lower edge is on the floor; nothing at or above the horizon.
  std::optional<double> size_m(const cv::Rect2d& box) const;

 private:
  cv::Matx33d to_metres_;  // the third coordinate is positive on the floor
};

class MoverBook {
 public:
  MoverBook(const MoverSettings& settings, std::optional<sdk::Ground> ground)
      : settings_(settings), ground_(std::move(ground)) {}

  void update(const sdk::Input& input, double passed_s);
  void forget() { movers_.clear(); }
  sdk::Movers confirmed(const sdk::Facts& facts) const;

 private:
  struct Known {
    std::int64_t id = 0;
    cv::Rect2d box;
    cv::Point2d first;  // where its middle was seen first
    int seen = 1;
    double unseen_s = 0;
    bool confirmed = false;
    std::string size_class;
  };

  std::string size_class(const cv::Rect2d& box) const;
  void join(const cv::Rect2d& box);
  void saw(Known& known, const cv::Rect2d& box);

  const MoverSettings settings_;
  const std::optional<sdk::Ground> ground_;
  std::optional<FloorScale> scale_;
  cv::Size size_;
  std::vector<Known> movers_;
  std::int64_t next_id_ = 1;
};

}  // namespace lynceus::targets

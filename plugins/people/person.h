// Somebody in a frame, as all parts behind the tracker see him.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>

#include "plugins/people/motion.h"

namespace lynceus::people {

enum class State { safe, close, grouped, unknown };
/// Why a distance to somebody is not known.
enum class Reason { none, foot_hidden, off_floor, above_horizon };

struct Person {
  std::int64_t id = 0;
  cv::Rect2d box;
  double score = 0;
  bool seen = true;            ///< false: not detected in this frame, where he should be
  cv::Point2d foot;            ///< pixels
  std::optional<Spot> ground;  ///< metres, where there is a floor and he stands on it
  cv::Point2d velocity;        ///< metres a second, with `ground`
  State state = State::safe;
  Reason reason = Reason::none;
  std::optional<int> group;
};

/// Two people and how far they are from each other; `a` and `b` are places in the list of people.
struct Pair {
  std::size_t a = 0, b = 0;
  double distance = 0, sigma = 0;  ///< metres or pixels
  double probability = 0;          ///< of being closer than the limit
  bool violation = false;
};

}  // namespace lynceus::people

// The people of a frame, from boxes: tracked, put on the floor, and doubted where their feet are not seen.
// Thread: bound to its owner.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <vector>

#include "plugins/people/detection.h"
#include "plugins/people/ground.h"
#include "plugins/people/person.h"
#include "plugins/people/tracker.h"
#include "plugins/sdk/observations.h"

namespace lynceus::people {

class Crowd {
 public:
  /// `ground` may be null and outlives the crowd. Boxes below `sure` are used for people known already, nothing else.
  /// `before`: people that were counted before there was this crowd; ids go on from there.
  Crowd(const Ground* ground, double foot_fraction, double sure, cv::Size picture, std::int64_t before);

  /// One frame of a stream.
  std::vector<Person> follow(std::span<const Detection> boxes, double time_s);
  /// A picture that has nothing to do with any other: everybody is new, numbered from 1.
  std::vector<Person> count(std::span<const Detection> boxes) const;
  std::vector<cv::Rect2d> expected(double time_s) const;
  /// Nobody is known any more; ids are never given twice.
  void reset() { reset(counted()); }
  /// How many people there have been.
  std::int64_t counted() const;

  /// Marks those who are not known to stand on the floor. `feet`: whether it matters that feet are seen.
  void doubt(std::span<Person> people, bool feet, const std::optional<sdk::FloorMask>& floor) const;

 private:
  void reset(std::int64_t before);
  Person person(std::int64_t id, const cv::Rect2d& box, double score) const;

  const Ground* ground_;
  const double foot_fraction_, sure_;
  const cv::Size picture_;
  std::unique_ptr<Tracker> on_floor_, elsewhere_;  ///< the second for boxes beyond the horizon
};

}  // namespace lynceus::people

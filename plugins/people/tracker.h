// Who is who from frame to frame, by motion alone: on the floor where it is known, else in the picture.
//
// Each person is a Kalman filter of the foot point in a Plane and a height in pixels. A frame goes: predict; sure boxes
// to all people known, by Mahalanobis distance, its determinant and the height; unsure boxes to those who are still
// without; what is left of the sure boxes begins somebody new. People not seen are remembered and come back under their
// id.
//
//   std::span<const Tracked> now = tracker.step(boxes, time_s);
//
// Thread: bound to its owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "plugins/people/detection.h"
#include "plugins/people/motion.h"
#include "plugins/people/pace.h"
#include "plugins/people/plane.h"

namespace lynceus::people {

struct TrackerSettings {
  double sure = 0.5;              ///< boxes from this score on may begin somebody
  double foot_fraction = 0.99;    ///< of a box's height, from its top
  double noise = 0.35;            ///< of acceleration, m/s² per √Hz
  double speed = 1.2;             ///< standard deviation of a newcomer's velocity, m/s
  double pace = 1.5;              ///< to begin with
  double gate = 9;                ///< of the squared Mahalanobis distance with the height's part
  double height_sigma = 0.14;     ///< of the logarithm of the height
  double remember_s = 1.5;        ///< somebody not seen
  double velocity_half_s = 3;     ///< of somebody not seen
  double coast_s = 0.4;           ///< somebody not seen is still told of, where he should be: so long,
  double coast_share = 0.3;       ///< and for this share of the time he was known,
  double coast_rate = 0.5;        ///< when he was seen in this share of the frames
  int confirm = 3;                ///< sightings that make somebody; those of the first frame are believed at once
  double confirm_within_s = 0.3;  ///< between two of them
  double duplicate_iou = 0.7;     ///< a box that overlaps a person's that much begins nobody
  std::int64_t first_id = 1;
};

/// Somebody in this frame.
struct Tracked {
  std::int64_t id = 0;
  cv::Rect2d box;        ///< as detected, or where it should be
  double score = 0;      ///< of the latest sighting
  bool seen = true;      ///< false: not detected in this frame
  Spot spot;             ///< in the plane, filtered
  cv::Point2d velocity;  ///< units of the plane a second
};

class Tracker {
 public:
  Tracker(const TrackerSettings& settings, const Plane& plane, cv::Size picture);

  /// Time never runs backwards. The span is valid until the next call.
  std::span<const Tracked> step(std::span<const Detection> boxes, double time_s);
  /// Where the people known are expected at this time, for a detector that looks where it is told to.
  std::vector<cv::Rect2d> expected(double time_s) const;
  /// Of the next newcomer.
  std::int64_t next_id() const { return next_id_; }

 private:
  struct Person;
  struct Sight;
  using Sights = std::vector<Sight>;
  using Indices = std::vector<std::size_t>;

  void note_interval(double time_s);
  void predict(double time_s);
  void match(const Sights& sights, double time_s);
  void round(const Indices& people, const Indices& boxes, const Sights& sights, double time_s);
  Indices boxes_left(const Sights& sights, bool sure) const;
  Indices people_left(bool confirmed, double unseen_s, double time_s) const;
  double cost(const Person& person, const Sight& sight) const;
  void update(Person& person, const Sight& sight, int index, double time_s);
  void begin(const Sights& sights, double time_s);
  void forget(double time_s);
  void report(const Sights& sights, double time_s);
  bool coasts(const Person& person, double time_s) const;
  /// Since he was seen, in the time of walking people; frames far apart count as near ones.
  double unseen_s(const Person& person, double time_s) const;
  cv::Rect2d where(const Person& person) const;
  bool outside(const cv::Rect2d& box) const;
  cv::Matx22d noise(double height) const;

  struct Person {
    std::int64_t id = 0;  ///< 0: not confirmed yet
    Motion motion;
    double height, aspect, score;
    double first_s, seen_s, at_s;
    int sightings = 1, frames = 1;
    int box = -1;  ///< of this frame
  };

  const TrackerSettings settings_;
  const Plane plane_;
  const cv::Size picture_;
  std::vector<Person> people_;
  std::vector<char> taken_;  ///< boxes of this frame
  std::vector<Tracked> now_;
  std::int64_t next_id_;
  Pace pace_;
  double last_s_ = 0, interval_s_ = 0;  ///< between frames, the last of them and usually
  bool first_ = true;
};

}  // namespace lynceus::people

// The floor learnt from people who stand upright: tilt and height of a camera of known focal length, without roll.
//
//   learner.add(box, 0.99);               // whole people, now and then, all over the picture
//   if (const auto camera = learner.learn()) …
//
// A foot at v and a head at u of somebody h high under a camera H high fulfil
//   (u − y0) / (v − y0) · (yv − v) / (yv − u) = 1 − h / H
// with the horizon y0 and the vertical vanishing point yv, which follow from focal length and tilt. The pair under
// which h / H differs least from person to person is taken; the floor is not known while two halves of the people
// disagree about it. Thread: bound to its owner.
#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "plugins/sdk/options.h"

namespace lynceus::people {

struct LearntFloor {
  double focal_px = 0, tilt_rad = 0, height_m = 0;
  double spread = 0;    ///< of people's heights under it, as a share
  double disagree = 0;  ///< of its halves about distances, as a share

  sdk::Ground::Calibration camera(cv::Size picture) const;
};

class FloorLearner {
 public:
  static constexpr std::size_t kLeast = 300, kMost = 3000;

  FloorLearner(cv::Size picture, double focal_px) : picture_(picture), focal_(focal_px) {}

  /// Boxes cut by the picture's border are passed over.
  void add(const cv::Rect2d& box, double foot_fraction);
  std::size_t size() const { return people_.size(); }
  /// Nothing while there are too few, too close together, or no stable answer.
  std::optional<LearntFloor> learn() const;

 private:
  struct Upright {
    double x, foot, head;
  };
  using People = std::vector<Upright>;
  std::optional<LearntFloor> fit(const People& people) const;
  double disagreement(const LearntFloor& a, const LearntFloor& b) const;

  const cv::Size picture_;
  const double focal_;
  People people_;
  std::size_t next_ = 0;  ///< the oldest goes first
};

}  // namespace lynceus::people

// What the network adds to a target that a tracker follows: its size, which may change as it turns and comes nearer, and
// how sure it is that this is still the target. The place stays the tracker's, which knows it to a part of a pixel.
//
//   SiameseRefiner refiner(network, view, box);
//   box = refiner.follow(tracked_box);       // every frame: the tracker's word on the size counts, too
//   box = refiner.refine(view, box, scr);    // every few frames
//
// What the network says of the first box itself is what it says of a size that has not changed: people draw boxes tighter
// or wider, and it takes part of that for size. The template learns only where the target stands out as much as it used to
// (signal to clutter), so that what covers it teaches nothing. Owner: the analyzer. Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "plugins/targets/siamese.h"

namespace lynceus::targets {

class SiameseRefiner {
 public:
  SiameseRefiner(SiameseNetwork& network, const SiameseView& view, const cv::Rect2d& box);

  cv::Rect2d follow(const cv::Rect2d& tracked);
  /// `scr`: signal to clutter there, nothing where it cannot be told.
  cv::Rect2d refine(const SiameseView& view, const cv::Rect2d& box, std::optional<double> scr);
  double probability() const { return probability_; }

 private:
  cv::Rect2d sized(const cv::Rect2d& box) const;
  void learn(const SiameseView& view, const cv::Rect2d& box, std::optional<double> scr);

  SiameseTemplate looks_;
  cv::Size2d size_;
  cv::Size2d usual_{1, 1};  // answer against size where nothing has changed
  double probability_ = 1;
  double usual_scr_ = -1;
  int looks_since_ = 0;  // since the template learned
};

}  // namespace lynceus::targets

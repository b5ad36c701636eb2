// The room of now against its reference: floor that is gone from a zone, and parts that are something else.
//
// Compared are probabilities, pixel by pixel with what the same network said of the same pixel: what it always gets
// wrong (a door mat that is props to it, a dark corner) is wrong in both and cancels. What looks as it did counts as it
// did. Thread: any.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "plugins/scene/vote.h"
#include "plugins/sdk/options.h"

namespace lynceus::scene {

/// Both views on the grid.
struct Difference {
  cv::Mat lost;     ///< CV_32F: 1 where floor is gone, down to -1 where there is more of it
  cv::Mat changed;  ///< CV_8UC1: 255 in parts that are something else, specks left out
  cv::Mat known;    ///< CV_8UC1: 255 where both are known
};
Difference compare(const RoomView& reference, const RoomView& now);

struct Blocked {
  double share = 0;  ///< of what the zone is judged by
  cv::Rect where;    ///< cells of the grid; empty: nowhere
};

/// A polygon (0..1 of the picture) on the grid: which share of each cell lies inside, CV_32F.
cv::Mat on_grid(const sdk::Polygon& polygon);

/// Judged by the floor that the zone has in the reference; where it has hardly any, by its ground (all but structure:
/// floor misread, a mat); where it is mostly structure (a doorway), by what changed in its lower half. Nothing while
/// too little of the zone is known.
std::optional<Blocked> blocked(const Difference& difference, const RoomView& reference, const cv::Mat& zone);

struct Changed {
  double share = 0;  ///< of what is known of the picture
  cv::Rect where;    ///< around the largest part
};
std::optional<Changed> changed(const Difference& difference);

}  // namespace lynceus::scene

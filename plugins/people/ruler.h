// How far two people are from each other, how sure that is, and how likely they are closer than the limit.
//
// Exactly at the limit is no violation. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "plugins/people/motion.h"
#include "plugins/people/person.h"
#include "plugins/people/settings.h"

namespace lynceus::people {

constexpr double kTolerance = 1e-6;  ///< metres or pixels

struct Gap {
  double distance = 0, sigma = 0;
};
Gap gap(const Spot& a, const Spot& b);
/// Of the two being closer than `limit`, both positions being Gaussian.
double probability_within(const Spot& a, const Spot& b, double limit);

/// Where somebody is for the seed's formula size · f / Z: metres to the right of the camera's axis and in front of it.
Spot perspective_spot(const cv::Rect2d& box, const cv::Point2d& foot, double focal_px, double centre_x);

/// All pairs under twice the limit, nearest first, at most `most`. A place without a spot (unknown) is in no pair.
/// Violations are marked, whoever belongs together.
std::vector<Pair> measured_pairs(std::span<const std::optional<Spot>> spots, double limit, std::size_t most = 1500);

}  // namespace lynceus::people

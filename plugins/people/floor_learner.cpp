#include "plugins/people/floor_learner.h"

#include <algorithm>
#include <cmath>

#include "plugins/people/ground.h"
#include "plugins/people/plane.h"

namespace lynceus::people {
namespace {

constexpr double kBorder_px = 5;
constexpr double kLeastReach = 0.15;  // of the picture's height, between the nearest and the farthest tenth
constexpr double kMostSpread = 0.16;  // of people's heights: 7 % of their own, the rest of boxes
constexpr double kMostDisagreement = 0.12;
constexpr int kTilts = 253;                           // a quarter of a degree apart
constexpr double kLeastShare = 0.02, kMostShare = 2;  // of the camera's height, that people have
constexpr double kSigmaOfMedian = 1.4826;
constexpr double kDegree = CV_PI / 180, kFlattest = 2 * kDegree, kSteepest = 65 * kDegree;

double median_of(std::vector<double>& v) {
  const auto middle = v.begin() + std::ptrdiff_t(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  return *middle;
}

}  // namespace

sdk::Ground::Calibration LearntFloor::camera(cv::Size picture) const {
  const double s = std::sin(tilt_rad), c = std::cos(tilt_rad);
  sdk::Ground::Calibration out;
  out.size = picture;
  out.k = {focal_px, 0, picture.width / 2.0, 0, focal_px, picture.height / 2.0, 0, 0, 1};
  out.r = {1, 0, 0, 0, -s, -c, 0, c, -s};
  out.t_m = out.r * cv::Vec3d(0, 0, -height_m);
  return out;
}

void FloorLearner::add(const cv::Rect2d& box, double foot_fraction) {
  const bool whole = box.x > kBorder_px && box.y > kBorder_px && box.x + box.width < picture_.width - kBorder_px &&
                     box.y + box.height < picture_.height - kBorder_px;
  if (!whole || !(box.height > 0)) return;
  const Upright person{box.x + box.width / 2, box.y + foot_fraction * box.height, box.y};
  if (people_.size() < kMost) {
    people_.push_back(person);
  } else {
    people_[next_++ % kMost] = person;
  }
}

std::optional<LearntFloor> FloorLearner::fit(const People& people) const {
  const double middle = picture_.height / 2.0;
  LearntFloor best;
  best.spread = kMostSpread;
  std::vector<double> shares(people.size()), off(people.size());
  for (int j = 0; j < kTilts; ++j) {
    const double tilt = kFlattest + (kSteepest - kFlattest) * j / (kTilts - 1);
    const double y0 = middle - focal_ * std::tan(tilt), yv = middle + focal_ / std::tan(tilt);
    bool possible = true;
    for (std::size_t k = 0; k < people.size() && possible; ++k) {
      const Upright& p = people[k];
      possible = p.foot > y0 && p.foot < yv;
      shares[k] = 1 - (p.head - y0) / (p.foot - y0) * (yv - p.foot) / (yv - p.head);
    }
    if (!possible) continue;
    off = shares;
    const double usual = median_of(off);
    if (!(usual > kLeastShare && usual < kMostShare)) continue;
    for (std::size_t k = 0; k < off.size(); ++k) off[k] = std::abs(shares[k] - usual);
    const double spread = kSigmaOfMedian * median_of(off) / usual;
    if (spread < best.spread) best = {focal_, tilt, kPersonHeight_m / usual, spread, 0};
  }
  return best.focal_px > 0 ? std::optional(best) : std::nullopt;
}

/// About distances between people as far from each other as people are that matter.
double FloorLearner::disagreement(const LearntFloor& a, const LearntFloor& b) const {
  sdk::Ground of_a, of_b;
  of_a.calibration = a.camera(picture_);
  of_b.calibration = b.camera(picture_);
  const Ground first = Ground::of(of_a, picture_), second = Ground::of(of_b, picture_);
  std::vector<double> off;
  for (std::size_t i = 0; i + 1 < people_.size(); ++i) {
    const cv::Point2d p(people_[i].x, people_[i].foot), q(people_[i + 1].x, people_[i + 1].foot);
    const auto p1 = first.metres(p), q1 = first.metres(q), p2 = second.metres(p), q2 = second.metres(q);
    if (!p1 || !q1 || !p2 || !q2) return 1;
    const double d1 = cv::norm(*p1 - *q1), d2 = cv::norm(*p2 - *q2);
    if (d1 > 0.3 && d1 < 10) off.push_back(std::abs(d1 - d2) / d1);
  }
  return off.size() < 20 ? 1 : median_of(off);
}

std::optional<LearntFloor> FloorLearner::learn() const {
  if (people_.size() < kLeast) return std::nullopt;
  std::vector<double> feet;
  for (const Upright& p : people_) feet.push_back(p.foot);
  std::sort(feet.begin(), feet.end());
  if (feet[feet.size() * 9 / 10] - feet[feet.size() / 10] < kLeastReach * picture_.height) return std::nullopt;
  People halves[2];
  for (std::size_t i = 0; i < people_.size(); ++i) halves[i / 10 % 2].push_back(people_[i]);
  auto all = fit(people_);
  const auto one = fit(halves[0]), other = fit(halves[1]);
  if (!all || !one || !other) return std::nullopt;
  all->disagree = std::max({disagreement(*one, *other), disagreement(*all, *one), disagreement(*all, *other)});
  if (all->disagree > kMostDisagreement) return std::nullopt;
  return all;
}

}  // namespace lynceus::people

#include "plugins/targets/siamese_refiner.h"

#include <algorithm>
#include <cmath>

namespace lynceus::targets {
namespace {

constexpr double kSure = 0.5;  // less teaches nothing
constexpr double kNear = 0.5;  // of the target's size: farther off it is something else
constexpr double kNear_px = 2;
constexpr double kSizeRate = 0.1;
constexpr double kTrackerShare = 0.1;  // of the size, a frame
constexpr double kMostGrowth = 1.4;    // in one look
constexpr int kLearnEvery = 10;        // looks
constexpr double kLearnShare = 0.2, kLearnSure = 0.8;
constexpr double kLeastScr = 0.7;  // of the usual
constexpr double kScrShare = 0.1;

cv::Point2d centre_of(const cv::Rect2d& box) { return (box.tl() + box.br()) * 0.5; }

cv::Rect2d box_at(cv::Point2d centre, cv::Size2d size) {
  return {centre.x - size.width / 2, centre.y - size.height / 2, size.width, size.height};
}

/// Part of the way in the logarithm, bounded.
double towards(double from, double to, double rate) {
  return std::max(1.0, from * std::pow(std::clamp(to / from, 1 / kMostGrowth, kMostGrowth), rate));
}

}  // namespace

SiameseRefiner::SiameseRefiner(SiameseNetwork& network, const SiameseView& view, const cv::Rect2d& box)
    : looks_(network, view, box), size_(box.size()) {
  const Proposal same = looks_.find(view, box);
  const auto answer = [&](double to, double from) { return std::clamp(to / from, 1 / kMostGrowth, kMostGrowth); };
  if (same.probability >= kSure) usual_ = {answer(same.box.width, box.width), answer(same.box.height, box.height)};
}

cv::Rect2d SiameseRefiner::sized(const cv::Rect2d& box) const { return box_at(centre_of(box), size_); }

cv::Rect2d SiameseRefiner::follow(const cv::Rect2d& tracked) {
  size_ = {towards(size_.width, tracked.width, kTrackerShare), towards(size_.height, tracked.height, kTrackerShare)};
  return sized(tracked);
}

cv::Rect2d SiameseRefiner::refine(const SiameseView& view, const cv::Rect2d& box, std::optional<double> scr) {
  const cv::Rect2d around = sized(box);
  const Proposal found = looks_.find(view, around);
  probability_ = found.probability;
  const double off = cv::norm(centre_of(found.box) - centre_of(box));
  if (found.probability < kSure || !(off < kNear * std::sqrt(size_.area()) + kNear_px)) return around;
  const double rate = kSizeRate * found.trust;
  size_ = {towards(size_.width, found.box.width / usual_.width, rate),
           towards(size_.height, found.box.height / usual_.height, rate)};
  learn(view, sized(box), scr);
  return sized(box);
}

void SiameseRefiner::learn(const SiameseView& view, const cv::Rect2d& box, std::optional<double> scr) {
  if (!scr) return;
  const bool stands_out = usual_scr_ < 0 || *scr >= kLeastScr * usual_scr_;
  usual_scr_ = usual_scr_ < 0 ? *scr : usual_scr_ + kScrShare * (*scr - usual_scr_);
  if (++looks_since_ < kLearnEvery || !stands_out || probability_ < kLearnSure) return;
  looks_since_ = 0;
  looks_.renew(view, box, kLearnShare);
}

}  // namespace lynceus::targets

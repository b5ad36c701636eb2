#include "plugins/targets/follower.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/targets/ratios.h"
#include "plugins/targets/score_model.h"

namespace lynceus::targets {
namespace {

constexpr double kLooksLike = 0.5, kLearnAbove = 0.8, kLearn = 0.05;
constexpr double kLearnScr = 2;  // signal to clutter
constexpr double kReach_px = 10;
constexpr double kMeasured_px = 0.7;
constexpr std::size_t kCandidates = 12;
constexpr double kAgain = 0.55, kAgainLater = 0.45;
constexpr int kAfterCut = 10;                    // frames in which a cut explains a loss
constexpr double kCutFactor = 6, kCutLeast = 6;  // against the usual change; grey levels
const cv::Size kSmall{40, 32};
constexpr int kSmallCore_px = 12;
constexpr double kCoreMargin_px = 1;  // of a small target's patch around the core, beside its own
constexpr double kOffCentre = 0.5;    // a box drawn by hand is off the target by chance: half of that is believed
constexpr double kLeastHeight = 0.35, kMostHeight = 3, kHeightShare = 0.05;
constexpr double kNoise = 2;         // grey levels
constexpr double kPerSize = 1;       // of the logit, a factor e between the sizes before and after a cut
constexpr double kSameScene = 0.85;  // likeness that says that what seems to be a cut was a jerk of the camera
constexpr double kSure = 0.7;        // likeness of what may be in front of clutter
constexpr double kFirstReach_px = 15, kReachGrows_px = 8;  // how far a target gets while out of sight, a frame

cv::Point2d middle_of(const cv::Rect2d& box) { return {box.x + box.width / 2, box.y + box.height / 2}; }

cv::Rect2d box_around(cv::Point2d middle, cv::Size2d size) {
  return {middle.x - size.width / 2, middle.y - size.height / 2, size.width, size.height};
}

/// The half-height box of the strongest residual inside a box.
cv::Rect core_of(const Detected& seen, const cv::Rect2d& box) {
  const cv::Rect inside = cv::Rect(box) & cv::Rect({0, 0}, seen.residual8.size());
  if (inside.empty()) return {};
  cv::Point top;
  cv::minMaxLoc(seen.residual8(inside), nullptr, nullptr, nullptr, &top);
  return half_height_box(seen.picture8, seen.residual8, top + inside.tl());
}

/// What of a box is looked for: of a small target the core alone, since a box has background in it that stays behind.
cv::Rect2d looked_for(const cv::Rect2d& box, const cv::Rect& core) {
  const cv::Size2d size(std::min(box.width, core.width + 2 * kCoreMargin_px),
                        std::min(box.height, core.height + 2 * kCoreMargin_px));
  return box_around(middle_of(core), size);
}

}  // namespace

Follower::Follower(const Detected& first, const cv::Rect2d& box) {
  const cv::Rect core = core_of(first, box);
  margin_ = core.empty() ? cv::Size2d(1, 1) : cv::Size2d(box.width / core.width, box.height / core.height);
  start(first, box, core);
  cut(first.picture8);
}

void Follower::start(const Detected& seen, const cv::Rect2d& box, const cv::Rect& core) {
  small_ = !core.empty() && std::max(core.width, core.height) <= kSmallCore_px;
  const cv::Rect2d part = small_ ? looked_for(box, core) : box;
  patch_ = Patch(looks(seen), part);
  box_size_ = box.size() / patch_.scale();
  box_off_ = kOffCentre / patch_.scale() * (middle_of(box) - middle_of(part));
  motion_ = Kalman(patch_.centre());
  height_ = height_around(seen.residual8, patch_.centre());
  frames_lost_ = 0;
}

cv::Rect2d Follower::box() const {
  return box_around(patch_.centre() + box_off_ * patch_.scale(), box_size_ * patch_.scale());
}

void Follower::step(const Detected& seen, Detector& detector, const cv::Mat& picture) {
  since_cut_ = cut(seen.picture8) ? 0 : since_cut_ + 1;
  motion_.predict();
  if (follow(seen)) {
    if (small_) clutter_.add(seen.residual8, patch_.box());
    return;
  }
  ++frames_lost_;
  clutter_.fade();
  motion_.slow_down(0.8);
  look_again(detector.look(picture), detector);
}

bool Follower::follow(const Detected& seen) {
  const double reach = kReach_px + 2 * std::min(motion_.doubt_px(), 10.0);
  const Patch::Match match = patch_.find(looks(seen), motion_.at(), reach);
  likeness_ = match.likeness;
  const double least = since_cut_ == 0 ? kSameScene : kLooksLike;  // in another scene a twig looks a little like it
  if (match.likeness < least || !as_bright(seen, match.centre)) return false;
  if (small_ && match.likeness < kSure && !clutter_.is_new(seen.residual8, match.centre)) return false;
  motion_.correct(match.centre, kMeasured_px);
  patch_.accept(looks(seen), match, match.likeness > kLearnAbove && stands_out(seen) ? kLearn : 0);
  height_ += kHeightShare * (height_around(seen.residual8, match.centre) - height_);
  frames_lost_ = 0;
  return true;
}

/// Before clutter the patch would learn the clutter.
bool Follower::stands_out(const Detected& seen) const {
  if (!small_) return true;
  const auto ratios = ratios_at(seen.residual8, patch_.box(), sigma_floor(seen.residual8));
  return ratios && ratios->scr > kLearnScr;
}

/// Noise looks like a point too, and so does the tip of a twig: neither stands out as much as the target did.
bool Follower::as_bright(const Detected& seen, cv::Point2d at) const {
  if (!small_) return true;
  const double height = height_around(seen.residual8, at);
  return height > kLeastHeight * height_ - kNoise && height < kMostHeight * height_ + kNoise;
}

void Follower::look_again(const Detected& seen, Detector& detector) {
  const auto& found = seen.detections;
  if (since_cut_ < kAfterCut) return start_again(seen, detector);
  const double reach = kFirstReach_px + kReachGrows_px * frames_lost_;
  double best = 0;
  Patch::Match where;
  for (std::size_t i = 0; i < std::min(found.size(), kCandidates); ++i) {
    const Patch::Match match = patch_.find_again(looks(seen), found[i].centre());
    if (!as_bright(seen, match.centre) || cv::norm(match.centre - motion_.at()) > reach) continue;
    if (small_ && !clutter_.is_new(seen.residual8, match.centre)) continue;
    const double value = match.likeness * (0.5 + 0.5 * probability(found[i].logit));
    if (value > best) best = value, where = match;
  }
  if (best < (frames_lost_ < kLostAfter ? kAgain : kAgainLater)) return;
  patch_.place(where.centre, where.scale);
  motion_ = Kalman(where.centre);
  frames_lost_ = 0;
}

/// What looks most like a target of about the size it had: it may be nearer now, or farther away.
void Follower::start_again(const Detected& seen, Detector&) {
  const double size_before = std::sqrt(std::max(1.0, box().area() / (margin_.width * margin_.height)));
  Detection best;
  double scale = 0, best_value = 0;
  Detector coarse({});
  cv::Mat picture = seen.picture8;
  for (const double step : {1.0, 2.0, 4.0}) {
    if (step > 1) cv::resize(picture, picture, {}, 0.5, 0.5, cv::INTER_AREA);
    for (const Detection& found : step > 1 ? coarse.look(picture).detections : seen.detections) {
      const double value =
          found.logit - kPerSize * std::abs(std::log(step * std::sqrt(found.box.area()) / size_before));
      if (scale > 0 && value <= best_value) continue;
      best = found, best_value = value, scale = step;
    }
  }
  if (scale == 0) return;
  clutter_.forget();
  const cv::Rect2d core(best.box.x * scale, best.box.y * scale, best.box.width * scale, best.box.height * scale);
  const cv::Size2d size(core.width * margin_.width, core.height * margin_.height);
  start(seen, box_around(middle_of(core), size), core);
}

/// Another scene: the whole picture changes at once.
bool Follower::cut(const cv::Mat& picture8) {
  cv::Mat small;
  cv::resize(picture8, small, kSmall, 0, 0, cv::INTER_AREA);
  if (before_.empty()) {
    before_ = small;
    return false;
  }
  const double change = cv::norm(small, before_, cv::NORM_L1) / small.total();
  before_ = small;
  const bool is_cut = usual_change_ >= 0 && change > std::max(kCutLeast, kCutFactor * usual_change_);
  if (!is_cut) usual_change_ = usual_change_ < 0 ? change : 0.9 * usual_change_ + 0.1 * change;
  return is_cut;
}

}  // namespace lynceus::targets

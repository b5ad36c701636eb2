#include "plugins/targets/follower.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/targets/score_model.h"

namespace lynceus::targets {
namespace {

constexpr double kLooksLike = 0.5, kLearnAbove = 0.8, kLearn = 0.05;
constexpr double kReach_px = 10;
constexpr double kMeasured_px = 0.7;
constexpr std::size_t kCandidates = 12;
constexpr double kAgain = 0.55, kAgainLater = 0.45;
constexpr int kAfterCut = 10;      // frames in which a cut explains a loss
constexpr double kCutFactor = 6, kCutLeast = 6;  // against the usual change; grey levels
const cv::Size kSmall{40, 32};
constexpr int kSmallCore_px = 12;
constexpr double kLeastHeight = 0.35, kMostHeight = 3, kHeightShare = 0.05;
constexpr double kCoarserBy = 1;  // of the logit: the finer picture is trusted more

/// The half-height box of the strongest residual inside a box.
cv::Rect core_of(const Detected& seen, const cv::Rect2d& box) {
  const cv::Rect inside = cv::Rect(box) & cv::Rect({0, 0}, seen.residual8.size());
  if (inside.empty()) return {};
  cv::Point top;
  cv::minMaxLoc(seen.residual8(inside), nullptr, nullptr, nullptr, &top);
  return half_height_box(seen.picture8, seen.residual8, top + inside.tl());
}

/// The greatest residual of the 5×5 pixels there.
double height_at(const Detected& seen, cv::Point2d at) {
  const cv::Rect where = cv::Rect(cvFloor(at.x) - 2, cvFloor(at.y) - 2, 5, 5) & cv::Rect({0, 0}, seen.residual8.size());
  double most = 0;
  if (!where.empty()) cv::minMaxLoc(seen.residual8(where), nullptr, &most);
  return most;
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
  patch_ = Patch(looks(seen), box);
  motion_ = Kalman(patch_.centre());
  height_ = height_at(seen, patch_.centre());
  frames_lost_ = 0;
}

void Follower::step(const Detected& seen, Detector& detector, const cv::Mat& picture) {
  since_cut_ = cut(seen.picture8) ? 0 : since_cut_ + 1;
  motion_.predict();
  if (follow(seen)) return;
  ++frames_lost_;
  motion_.slow_down(0.8);
  look_again(detector.look(picture), detector);
}

bool Follower::follow(const Detected& seen) {
  const double reach = kReach_px + 2 * std::min(motion_.doubt_px(), 10.0);
  const Patch::Match match = patch_.find(looks(seen), motion_.at(), reach);
  likeness_ = match.likeness;
  if (match.likeness < kLooksLike || !as_bright(seen, match.centre)) return false;
  motion_.correct(match.centre, kMeasured_px);
  patch_.accept(looks(seen), match, match.likeness > kLearnAbove ? kLearn : 0);
  height_ += kHeightShare * (height_at(seen, match.centre) - height_);
  frames_lost_ = 0;
  return true;
}

/// Noise looks like a point too, and so does the tip of a twig: neither stands out as much as the target did.
bool Follower::as_bright(const Detected& seen, cv::Point2d at) const {
  if (!small_) return true;
  const double height = height_at(seen, at);
  return height > kLeastHeight * height_ && height < kMostHeight * height_;
}

void Follower::look_again(const Detected& seen, Detector& detector) {
  const auto& found = seen.detections;
  if (since_cut_ < kAfterCut) return start_again(seen, detector);
  double best = 0;
  Patch::Match where;
  for (std::size_t i = 0; i < std::min(found.size(), kCandidates); ++i) {
    const Patch::Match match = patch_.find_again(looks(seen), found[i].centre());
    if (!as_bright(seen, match.centre)) continue;
    const double value = match.likeness * (0.5 + 0.5 * probability(found[i].logit));
    if (value > best) best = value, where = match;
  }
  if (best < (frames_lost_ < kLostAfter ? kAgain : kAgainLater)) return;
  patch_.place(where.centre, where.scale);
  motion_ = Kalman(where.centre);
  frames_lost_ = 0;
}

/// What looks most like a target, large or small: it may be nearer now.
void Follower::start_again(const Detected& seen, Detector&) {
  Detection best;
  double scale = 0;
  Detector coarse({});
  cv::Mat picture = seen.picture8;
  for (const double size : {1.0, 2.0, 4.0}) {
    if (size > 1) cv::resize(picture, picture, {}, 0.5, 0.5, cv::INTER_AREA);
    const auto& found = size > 1 ? coarse.look(picture).detections : seen.detections;
    if (found.empty() || (scale > 0 && found[0].logit < best.logit + kCoarserBy)) continue;
    best = found[0];
    scale = size;
  }
  if (scale == 0) return;
  const cv::Rect2d core(best.box.x * scale, best.box.y * scale, best.box.width * scale, best.box.height * scale);
  const cv::Size2d size(core.width * margin_.width, core.height * margin_.height);
  const cv::Point2d centre(core.x + core.width / 2, core.y + core.height / 2);
  start(seen, {centre.x - size.width / 2, centre.y - size.height / 2, size.width, size.height}, core);
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

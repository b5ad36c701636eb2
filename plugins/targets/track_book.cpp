#include "plugins/targets/track_book.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lynceus::targets {
namespace {

constexpr double kDetected_px = 0.8, kMatched_px = 1.0;
constexpr double kGate2 = 16;
constexpr double kForget = 0.15;      // of the smoothed values, a frame
constexpr double kMatchedLogit = -1;  // what a frame says in which only the looks fit
constexpr double kMissedLogit = -4;   // what a frame without a sight says
constexpr double kLooksLike = 0.75, kLearn = 0.1;
constexpr double kLeastHeight = 0.4;  // of its usual one: noise, too, looks like a point
constexpr double kPatchSide_px = 9;   // at least: a point has no looks
constexpr double kSamePlace_px = 3;
constexpr double kOwnWay_px = 3, kOwnShare = 0.1;  // before a background that moves; of its way
constexpr double kEdge_px = 8;                     // what comes in there seems to move until all of it is in sight

bool detected(const Track& track) { return track.seen & 1U; }

/// The greatest of the 3×3 pixels there.
double height_at(const cv::Mat& residual, cv::Point2d at) {
  const cv::Rect where = cv::Rect(cvFloor(at.x) - 1, cvFloor(at.y) - 1, 3, 3) & cv::Rect({0, 0}, residual.size());
  double most = 0;
  if (!where.empty()) cv::minMaxLoc(residual(where), nullptr, &most);
  return most;
}

cv::Rect2d patch_box(const cv::Rect2d& box) {
  const cv::Size2d size(std::max(kPatchSide_px, box.width * 1.5), std::max(kPatchSide_px, box.height * 1.5));
  return {box.x + box.width / 2 - size.width / 2, box.y + box.height / 2 - size.height / 2, size.width, size.height};
}

}  // namespace

void TrackBook::update(const Detected& seen, const CameraMotion& camera) {
  std::vector<bool> used(seen.detections.size());
  predict(camera.shift);
  associate(seen, used);
  refine(seen);
  judge(seen, camera.moves);
  start(seen, used);
}

void TrackBook::predict(cv::Point2d camera_shift) {
  for (Track& track : tracks_) {
    track.motion.predict();
    track.motion.shift(camera_shift);
    track.drift += camera_shift;
    track.seen <<= 1U;
    ++track.age;
  }
}

/// Pairs of track and detection, the likeliest first; each is used once.
void TrackBook::associate(const Detected& seen, std::vector<bool>& used) {
  struct Pair {
    double cost;
    std::size_t track, detection;
  };
  std::vector<Pair> pairs;
  for (std::size_t t = 0; t < tracks_.size(); ++t) {
    for (std::size_t d = 0; d < seen.detections.size(); ++d) {
      const Detection& found = seen.detections[d];
      if (found.logit < settings_.keep_logit) break;  // best first
      if (seen.residual8.at<uchar>(found.peak) < kLeastHeight * tracks_[t].height) continue;
      const double distance2 = tracks_[t].motion.distance2(found.centre(), kDetected_px);
      if (distance2 < kGate2) pairs.push_back({distance2 - 0.5 * found.logit, t, d});
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.cost < b.cost; });
  for (const Pair& pair : pairs) {
    Track& track = tracks_[pair.track];
    if (detected(track) || used[pair.detection]) continue;
    const Detection& found = seen.detections[pair.detection];
    used[pair.detection] = true;
    track.seen |= 1U;
    track.motion.correct(found.centre(), kDetected_px);
    track.logit += kForget * (found.logit - track.logit);
    track.height += kForget * (seen.residual8.at<uchar>(found.peak) - track.height);
    track.size += (found.box.size() - track.size) * 0.2;
  }
}

/// A confirmed target that the detector missed is looked for by its looks.
void TrackBook::refine(const Detected& seen) {
  for (Track& track : tracks_) {
    if (track.state == Track::State::tentative) continue;
    const Patch::Match match = track.patch.find(seen.residual8, track.motion.at(),
                                                detected(track) ? 3 : 4 + 2 * std::min(8.0, track.motion.doubt_px()));
    if (match.likeness < kLooksLike || height_at(seen.residual8, match.centre) < kLeastHeight * track.height) continue;
    const bool found = detected(track);
    if (!found) {
      track.motion.correct(match.centre, kMatched_px);
      track.seen |= 1U;
      track.logit += kForget * (kMatchedLogit - track.logit);
    }
    track.patch.accept(seen.residual8, match, found ? kLearn : 0);  // what only resembles it teaches nothing
  }
}

void TrackBook::judge(const Detected& seen, bool camera_moves) {
  const cv::Rect2d picture(0, 0, seen.picture8.cols, seen.picture8.rows);
  const cv::Rect2d inner(kEdge_px, kEdge_px, picture.width - 2 * kEdge_px, picture.height - 2 * kEdge_px);
  for (Track& track : tracks_) {
    if (detected(track)) {
      track.missed = 0;
    } else {
      ++track.missed;
      track.logit += kForget * (kMissedLogit - track.logit);
    }
    const std::uint32_t recent = track.seen & ((1U << unsigned(settings_.confirm_of)) - 1);
    const cv::Point2d at = track.motion.at();
    if (track.state == Track::State::tentative && !inner.contains(at)) track.start = at, track.drift = {};
    const bool on_its_own = !camera_moves || track.own_way() >= kOwnWay_px + kOwnShare * cv::norm(track.drift);
    const bool confirmed =
        on_its_own && std::popcount(recent) >= settings_.confirm_seen && track.logit >= settings_.confirm_logit;
    if (track.state == Track::State::tentative && confirmed) {
      track.state = Track::State::tracked;
      track.patch = Patch(seen.residual8, patch_box(track.box()));
    } else if (track.state != Track::State::tentative) {
      track.state = track.missed > 2 ? Track::State::lost : Track::State::tracked;
    }
  }
  std::erase_if(tracks_, [&](const Track& track) {
    const int patience = track.state == Track::State::tentative ? 2 : settings_.forget_after;
    return track.missed > patience || !picture.contains(track.motion.at());
  });
}

void TrackBook::start(const Detected& seen, const std::vector<bool>& used) {
  for (std::size_t d = 0; d < seen.detections.size() && tracks_.size() < settings_.most; ++d) {
    const Detection& found = seen.detections[d];
    if (found.logit < settings_.start_logit) break;
    const bool known = std::any_of(tracks_.begin(), tracks_.end(), [&](const Track& track) {
      return cv::norm(track.motion.at() - found.centre()) < kSamePlace_px ||
             (detected(track) && track.box().contains(found.centre()));
    });
    if (used[d] || known) continue;
    Track track;
    track.id = next_id_++;
    track.motion = Kalman(found.centre());
    track.start = found.centre();
    track.size = found.box.size();
    track.logit = found.logit;
    track.height = seen.residual8.at<uchar>(found.peak);
    tracks_.push_back(track);
  }
}

}  // namespace lynceus::targets

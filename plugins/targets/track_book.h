// Several targets found by themselves: detections joined over time, confirmed when enough of the last ones agree, kept by
// their looks where the detector misses them, lost and forgotten.
//
//   TrackBook book(settings);
//   book.update(seen, camera);      // once a frame
//   for (const Track& track : book.tracks()) …
//
// Owner: the analyzer. Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "plugins/targets/detector.h"
#include "plugins/targets/kalman.h"
#include "plugins/targets/patch.h"

namespace lynceus::targets {

struct Track {
  enum class State { tentative, tracked, lost };
  std::int64_t id = 0;
  State state = State::tentative;
  Kalman motion;
  Patch patch;
  cv::Size2d size;         ///< smoothed
  double logit = 0;        ///< smoothed
  double height = 0;       ///< of its residual, smoothed
  std::uint32_t seen = 1;  ///< of the last frames, one bit each, the newest last
  int age = 0, missed = 0;
  cv::Point2d start, drift;  ///< where it was first; how far the background has moved since

  cv::Rect2d box() const {
    return {motion.at().x - size.width / 2, motion.at().y - size.height / 2, size.width, size.height};
  }
  /// How far it has come before the background, pixels.
  double own_way() const { return cv::norm(motion.at() - start - drift); }
};

/// What the camera did since the frame before.
struct CameraMotion {
  cv::Point2d shift;
  bool moves = false;  ///< what stands still before the background belongs to it
};

struct TrackSettings {
  int confirm_of = 8, confirm_seen = 6;  ///< M of N frames
  double start_logit = -2.5;             ///< a detection below starts nothing
  double keep_logit = -4;                ///< one below does not even keep a track
  double confirm_logit = 2;              ///< smoothed, to be confirmed
  int forget_after = 10;                 ///< frames without a sight
  std::size_t most = 32;
};

class TrackBook {
 public:
  explicit TrackBook(const TrackSettings& settings) : settings_(settings) {}

  void update(const Detected& seen, const CameraMotion& camera = {});
  void clear() { tracks_.clear(); }
  const std::vector<Track>& tracks() const { return tracks_; }

 private:
  void predict(cv::Point2d camera_shift);
  void associate(const Detected& seen, std::vector<bool>& used);
  void refine(const Detected& seen);
  void start(const Detected& seen, const std::vector<bool>& used);
  void judge(const Detected& seen, bool camera_moves);

  const TrackSettings settings_;
  std::vector<Track> tracks_;
  std::int64_t next_id_ = 1;
};

}  // namespace lynceus::targets

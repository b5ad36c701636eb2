// Where somebody is, or may be: boxes of people, and every part of the picture in which something stirred of late. What
// stands there says nothing of the room and does not vote.
//
// Told from one look to the next, not against a background: a box that was put down is still at once, a person is not.
//   presence.note(input.shrunk, time_s);          // every call
//   presence.hidden(…)                            // before a vote
// Thread: bound to the analyzer.
#pragma once

#include <opencv2/core.hpp>
#include <span>

namespace lynceus::scene {

class Presence {
 public:
  explicit Presence(double quiet_s) : quiet_s_(quiet_s) {}

  /// `shrunk`: the gate's picture. Compared with the one some half a second ago.
  void note(const cv::Mat& shrunk, double time_s);
  /// 255 where nobody looks at the room itself, on a grid of this size; boxes are in pixels of a frame of size `frame`.
  cv::Mat hidden(std::span<const cv::Rect2d> people, cv::Size frame, cv::Size grid, double time_s) const;
  /// What changed() compares with from now on; where something stirs it stays what it was.
  void mark(double time_s);
  /// Share of the picture that is quiet and other than when it was marked; 1 when it never was.
  double changed(double time_s) const;
  /// Whether there was time to see anything stir.
  bool settled(double time_s) const { return !before_.empty() && time_s - begun_s_ >= 1; }
  void reset() { *this = Presence(quiet_s_); }

 private:
  cv::Mat lately(double time_s) const;

  double quiet_s_;
  cv::Mat before_;  ///< the picture compared with
  cv::Mat marked_;
  cv::Mat stirred_at_;  ///< CV_32F, seconds since begun_s_; -1e9: never
  double before_s_ = 0, begun_s_ = 0;
};

}  // namespace lynceus::scene

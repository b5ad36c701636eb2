// One target that somebody pointed out, kept in sight from frame to frame: its looks where the Kalman filter expects it;
// when lost, what the detector finds in the whole picture and looks most like it; after a cut, what looks most like a
// target. Owner: the analyzer. Thread: bound to its owner.
//
//   Follower follower(detector, picture, box);
//   follower.step(next);       follower.box();   follower.lost();
#pragma once

#include <opencv2/core.hpp>

#include "plugins/targets/detector.h"
#include "plugins/targets/kalman.h"
#include "plugins/targets/patch.h"

namespace lynceus::targets {

class Follower {
 public:
  /// `first` is what the detector says of the first picture.
  Follower(const Detected& first, const cv::Rect2d& box);

  /// `seen`: of this frame, filter only. The detector is asked for more when the target is lost.
  void step(const Detected& seen, Detector& detector, const cv::Mat& picture);

  cv::Rect2d box() const { return patch_.box(); }
  bool lost() const { return frames_lost_ >= kLostAfter; }
  double likeness() const { return likeness_; }

 private:
  static constexpr int kLostAfter = 5;

  bool follow(const Detected& seen);
  void look_again(const Detected& seen);
  void start_again(const Detected& seen, const cv::Rect2d& box);
  bool cut(const cv::Mat& picture8);

  Patch patch_;
  Kalman motion_;
  cv::Size2d margin_;  // of the first box against the half-height box in it
  cv::Mat before_;     // the last picture, small
  double usual_change_ = -1;
  double likeness_ = 1;
  int frames_lost_ = 0, since_cut_ = 1 << 20;
};

}  // namespace lynceus::targets

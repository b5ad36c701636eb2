// One target that somebody pointed out, kept in sight from frame to frame: its looks where the Kalman filter expects it;
// when lost, what the detector finds in the whole picture and looks most like it; after a cut, what looks most like a
// target. Owner: the analyzer. Thread: bound to its owner.
//
//   Follower follower(detector, picture, box);
//   follower.step(next);       follower.box();   follower.lost();
#pragma once

#include <opencv2/core.hpp>

#include "plugins/targets/clutter.h"
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

  cv::Rect2d box() const;
  bool lost() const { return frames_lost_ >= kLostAfter; }
  double likeness() const { return likeness_; }

 private:
  static constexpr int kLostAfter = 5;

  /// Small ones are followed in the filtered picture, where clouds are gone; of large ones nothing is left there.
  const cv::Mat& looks(const Detected& seen) const { return small_ ? seen.residual8 : seen.picture8; }
  void start(const Detected& seen, const cv::Rect2d& box, const cv::Rect& core);
  bool follow(const Detected& seen);
  bool as_bright(const Detected& seen, cv::Point2d at) const;
  bool stands_out(const Detected& seen) const;
  void look_again(const Detected& seen, Detector& detector);
  void start_again(const Detected& seen, Detector& detector);
  bool cut(const cv::Mat& picture8);

  Patch patch_;
  cv::Size2d box_size_;  // around what is looked for, where the patch's scale is 1
  cv::Point2d box_off_;  // of its middle
  Clutter clutter_;
  Kalman motion_;
  cv::Size2d margin_;  // of the first box against the half-height box in it
  bool small_ = false;
  double height_ = 0;  // of its residual, smoothed
  cv::Mat before_;     // the last picture, small
  double usual_change_ = -1;
  double likeness_ = 1;
  int frames_lost_ = 0, since_cut_ = 1 << 20;
};

}  // namespace lynceus::targets

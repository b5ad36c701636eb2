// A detector that looks only where something moves, and now and then at people who stand still.
//
//   look at:  parts that move, people known there, people who stood still for `recheck`     one page, every
//   `look_every`
//             the whole frame                                    at the start, every `whole_every`, when parts are too
//             many
//   between:  people who move are followed by what they look like, the others stay where they are
//
// Off, or for unrelated pictures, it looks at the whole frame every time. Thread: bound to the camera's worker.
#pragma once

#include <chrono>
#include <memory>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <vector>

#include "plugins/people/detect/crop_plan.h"
#include "plugins/people/detect/detector.h"
#include "plugins/people/detect/follower.h"
#include "plugins/sdk/input.h"

namespace lynceus::people {

struct GateSettings {
  bool enabled = false;
  std::chrono::milliseconds look_every{160};    ///< frames that come sooner are followed only
  std::chrono::milliseconds recheck{1500};      ///< of people who stand still
  std::chrono::milliseconds whole_every{3000};  ///< the whole frame, moving or not
  std::chrono::milliseconds settling{1000};     ///< after a start nobody knows yet what moves
  double nms = 0.5;
};

class GatedDetector {
 public:
  GatedDetector(std::unique_ptr<Detector> detector, GateSettings settings);

  std::string name() const { return detector_->name(); }
  double operating_point() const { return detector_->operating_point(); }
  /// People in this frame, best first. `tracked`: where people known so far are expected in this frame.
  std::vector<Detection> detect(const sdk::Input& input, std::span<const cv::Rect2d> tracked);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Known {
    Detection person;
    Follower follower;
    Time confirmed;
    int missed = 0;
    bool moves = false;
  };

  void begin_again(Time now);
  void follow(const sdk::Input& input);
  bool whole_is_due(const sdk::Input& input, Time now) const;
  void look_at_whole(const sdk::Input& input, Time now);
  void look_at_parts(const sdk::Input& input, std::span<const cv::Rect2d> tracked, Time now);
  std::vector<cv::Rect> wanted(const sdk::Input& input, std::span<const cv::Rect2d> tracked, Time now) const;
  std::vector<Detection> found_on(const CropPlan& plan, const sdk::Frame& frame);
  void replace(std::span<const Detection> found, std::span<const Crop> looked, const sdk::Input& input, Time now);
  std::vector<Detection> people() const;

  std::unique_ptr<Detector> detector_;
  const GateSettings settings_;
  std::vector<Known> known_;
  bool started_ = false;
  Time begun_{}, looked_{}, whole_{};
};

}  // namespace lynceus::people

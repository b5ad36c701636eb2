// A detector that looks only where something moves, and now and then at people who stand still.
//
// Off, or for unrelated pictures, it looks at the whole frame every time. Thread: bound to the camera's worker.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <vector>

#include "plugins/people/detect/detector.h"
#include "plugins/sdk/input.h"

namespace lynceus::people {

struct GateSettings {
  bool enabled = false;
};

class GatedDetector {
 public:
  GatedDetector(std::unique_ptr<Detector> detector, GateSettings settings);

  std::string name() const { return detector_->name(); }
  double operating_point() const { return detector_->operating_point(); }
  /// People in this frame, best first. `tracked`: where people known so far are expected in this frame.
  std::vector<Detection> detect(const sdk::Input& input, std::span<const cv::Rect2d> tracked);

 private:
  std::unique_ptr<Detector> detector_;
  GateSettings settings_;
};

}  // namespace lynceus::people

// Whether anything happens, and where, for next to nothing: a running background on the decoder's own luma plane,
// shrunk to about 160 pixels wide (rows and columns skipped before averaging).
//
// Also tells how the camera sees: exposure jumps, chroma collapse and IR-cut flips are `adapting`, not motion.
// A thermal camera sees by no light: it is always day there, adapting while the camera changes its range or calibrates.
// At most 0.1 ms a 720p frame. Thread: bound to its owner.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <vector>

#include "base/clock.h"
#include "pipeline/camera/camera_settings.h"
#include "plugins/sdk/input.h"

namespace lynceus::camera {

struct GateResult {
  cv::Mat shrunk;                 ///< CV_8UC1
  cv::Mat motion;                 ///< CV_8UC1, 255 = moves
  std::vector<cv::Rect> regions;  ///< pixels of the frame
  sdk::Light light = sdk::Light::day;
  bool light_flip = false;  ///< the light state settled on another side with this frame
};

class Gate {
 public:
  Gate(const GateSettings& settings, std::vector<sdk::Polygon> masks, Kind kind = Kind::visible);
  ~Gate();
  const GateResult& process(const sdk::Frame& frame);
  /// Forgets the background: reconnect, new size.
  void reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lynceus::camera

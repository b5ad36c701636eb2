// Frames made from pictures in memory: image files, simulated scenes, tests. GStreamer frames have their own type.
#pragma once

#include <string>

#include "base/clock.h"
#include "plugins/sdk/frame.h"

namespace lynceus::ingest {

struct PictureFrameData {
  std::string camera;
  std::uint64_t sequence = 0;
  MonoTime captured{};
  WallTime captured_wall{};
  cv::Mat picture;  ///< 8UC1 or 8UC3 (BGR); may be empty when `radiometric` is given (luma is then a stretched copy)
  std::optional<sdk::Radiometric> radiometric;
};

sdk::FramePtr make_picture_frame(PictureFrameData data);

}  // namespace lynceus::ingest

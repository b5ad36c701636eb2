// What of a camera's pictures nobody may see: parts of it always, and people where the camera asks for it.
//
// Whatever leaves the daemon as a picture comes out of draw.h, which hides what the camera's veil says; where it is not
// known what to hide, all of it. Thread: pure functions.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "daemon/live/live_board.h"
#include "pipeline/camera/camera_settings.h"
#include "plugins/sdk/options.h"

namespace lynceus::daemon {

struct Veil {
  std::vector<sdk::Polygon> masks;  ///< 0..1 of the picture
  bool people = false;              ///< made unrecognisable

  bool empty() const { return masks.empty() && !people; }
};
Veil veil_of(const camera::CameraSettings& settings);

/// One frame of a camera: numbers begin anew with a connection.
struct FrameName {
  std::uint64_t sequence = 0;
  WallTime at{};
  bool operator==(const FrameName&) const = default;
};
FrameName name_of(const sdk::Frame& frame);
FrameName name_of(const PluginWord& word);

/// What must be blurred of a frame: boxes around people if the analyzer `people` spoke of this very frame, else the
/// whole picture.
std::vector<cv::Rect> people_parts(const CameraSnapshot& live, const FrameName& frame);

/// Coarse squares instead of what was there.
void blur(cv::Mat& picture, const cv::Rect& part);

/// Hides in a picture made of that frame. One of another size shows who knows what: all of it is hidden then.
void hide(cv::Mat& picture, const Veil& veil, const CameraSnapshot& live, const FrameName& frame);

}  // namespace lynceus::daemon

// An alarm's picture: the newest frame with what the plugins drew, and with people made unrecognisable where a camera
// asks for it. Thread: any; pure functions.
#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

#include "daemon/live/live_board.h"
#include "pipeline/camera/camera_settings.h"

namespace lynceus::daemon {

/// What must be blurred: boxes around people if somebody told of this very frame where they are, else the whole
/// picture.
std::vector<cv::Rect> private_parts(const CameraSnapshot& live);

/// Coarse squares instead of what was there.
void blur(cv::Mat& picture, const cv::Rect& part);

/// JPEG with overlays, privacy masks blacked out; `blurred` as the camera's privacy asks. Throws what encoding throws.
std::vector<std::byte> snapshot_of(const CameraSnapshot& live, const std::vector<sdk::Polygon>& privacy_masks,
                                   bool blurred);

}  // namespace lynceus::daemon

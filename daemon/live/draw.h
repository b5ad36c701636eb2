// Pictures for people: the overlays of all plugins over a frame, privacy masks blacked out, odd depths made viewable.
// Thread: any; pure functions.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "daemon/live/live_board.h"
#include "plugins/sdk/options.h"

namespace lynceus::daemon {

/// The frame in colour with the privacy masks (0..1 of the picture) blacked out; shares the frame's memory without any.
cv::Mat picture_raw(const CameraSnapshot& live, const std::vector<sdk::Polygon>& privacy_masks);
/// The same with what the plugins drew; always a copy.
cv::Mat picture_overlay(const CameraSnapshot& live, const std::vector<sdk::Polygon>& privacy_masks);
/// 8UC1 or 8UC3 of a view; 16-bit views are stretched between their extremes.
cv::Mat viewable(const cv::Mat& view);

}  // namespace lynceus::daemon

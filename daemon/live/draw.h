// Pictures for people: the overlays of all plugins over a frame, and what must not be seen hidden (veil.h). Everything
// that leaves the daemon as a picture is made here. Thread: any; pure functions.
#pragma once

#include <opencv2/core.hpp>

#include "daemon/live/live_board.h"
#include "daemon/live/veil.h"

namespace lynceus::daemon {

/// The frame in colour; shares the frame's memory where nothing is hidden.
cv::Mat picture_raw(const CameraSnapshot& live, const Veil& veil);
/// The same with what the plugins drew; always a copy.
cv::Mat picture_overlay(const CameraSnapshot& live, const Veil& veil);
/// A plugin's view, made viewable; shares its memory where that can be.
cv::Mat picture_view(const CameraSnapshot& live, const PluginWord& word, const sdk::View& view, const Veil& veil);
/// 8UC1 or 8UC3 of a view; 16-bit views are stretched between their extremes.
cv::Mat viewable(const cv::Mat& view);

}  // namespace lynceus::daemon

// What an analyzer is given for one call. All references end with the call.
#pragma once

#include <algorithm>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <string_view>

#include "plugins/sdk/frame.h"
#include "plugins/sdk/observations.h"

namespace lynceus::sdk {

/// How the camera sees: `adapting` while exposure or the IR cut settles; nothing seen then is motion.
enum class Light { day, night, adapting };

struct Input {
  const Frame& frame;
  /// The gate's picture: luma shrunk to about 160 pixels wide, CV_8UC1.
  const cv::Mat& shrunk;
  /// Same size as `shrunk`: 255 where something moves, masked areas excluded.
  const cv::Mat& motion;
  /// Boxes around the moving parts, pixels of the frame.
  std::span<const cv::Rect> motion_regions;
  Light light = Light::day;
  /// Reconnected, new picture size or light flip since this analyzer's last call: start afresh.
  bool discontinuity = false;
  /// Facts of the analyzers before this one in the camera's list, for this frame.
  const Facts& facts;
  /// Views somebody looks at or an alarm needs; a view nobody wants need not be made.
  std::span<const std::string> wanted_views;
  /// Unrelated pictures (no time between them): list every detection, ask for no confirmation over time.
  bool still = false;
  /// Somebody says that the camera is as it should be now: what is compared with how it was (moved, layout_changed)
  /// is compared with this picture from here on. Comes once, and also when it is not the analyzer's turn.
  bool take_reference = false;

  bool wants(std::string_view view) const {
    return std::find(wanted_views.begin(), wanted_views.end(), view) != wanted_views.end();
  }
};

}  // namespace lynceus::sdk

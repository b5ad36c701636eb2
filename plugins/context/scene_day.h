// The day picture in use: the one given (through a homography where the views differ), or the bank's for this night.
// Thread: bound to the analyzer.
#pragma once

#include <chrono>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "plugins/context/day_bank.h"
#include "plugins/context/settings.h"
#include "plugins/sdk/input.h"
#include "plugins/sdk/services.h"

namespace lynceus::context {

class SceneDay {
 public:
  SceneDay(const Settings& settings, sdk::Services& services);

  /// By daylight the bank learns; at night it is asked now and then. True when picture() changed.
  bool update(const sdk::Input& input);
  /// 8UC3, as it was taken; empty: there is none, or the frame is by day itself.
  const cv::Mat& picture() const { return picture_; }
  /// Nothing given, nothing learned, and it is night.
  bool missing() const { return missing_; }
  const std::string& why() const { return why_; }

  bool other_view() const { return !settings_.day_points.empty(); }
  /// As the camera would see it, of this size; `covered`: 8UC1, 255 where the day picture reaches.
  cv::Mat seen_from_camera(cv::Size size, cv::Mat& covered) const;

 private:
  bool due(std::optional<std::chrono::steady_clock::time_point>& last, const sdk::Input& input, double seconds) const;

  const Settings settings_;
  std::optional<DayBank> bank_;
  cv::Mat picture_;
  bool missing_ = false;
  std::string why_;
  std::optional<std::chrono::steady_clock::time_point> learned_, chosen_;
};

}  // namespace lynceus::context

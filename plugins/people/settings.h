// What the people plugin can be told. Thread: immutable.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sdk/options.h"
#include "plugins/sdk/services.h"

namespace lynceus::people {

enum class Method { pixels, perspective, homography, calibration };
const char* name_of(Method method);

struct GroupSettings {
  double distance_m = 2, apart_m = 2.5, speed = 0.5;
  double after_s = 3, drop_s = 2, average_s = 1;
};

/// Which boxes of a zone count, and what is told of it.
struct AreaSettings {
  std::string name;                  ///< empty: the whole picture
  std::vector<cv::Point2d> polygon;  ///< 0..1 of the picture
  double least_score = 0;
  double least_height = 0, greatest_height = 10;  ///< shares of the picture's height
  int crowding = 0;                               ///< more people are a crowd; 0: never
  double dwell_s = 0;                             ///< somebody stays longer; 0: never told
  bool entered = true;                            ///< tell who comes in
};

struct Settings {
  std::string detector, model;  ///< no detector: own, or hog where its file is not there
  int input = 0;
  double confidence = -1, nms = 0.5;
  bool tiles = false, gated = true;
  std::optional<Method> method;  ///< nothing: the best there is
  bool centre = false;           ///< method pixels: between the boxes' centres
  double limit_m = 2;
  std::optional<double> limit_px;
  std::optional<double> focal_px;
  double foot_fraction = 0.99;
  bool panel = false;
  double range_m = 30;
  std::vector<double> floor;  ///< X, Y, width, depth in metres of the topdown view; empty: by itself
  bool auto_ground = false;
  double alarm_probability = 0.9, alarm_after_s = 1;
  GroupSettings group;
  AreaSettings picture;
  std::vector<AreaSettings> zones;
  std::vector<sdk::Line> lines;
};

std::vector<sdk::OptionSpec> option_table();
/// Throws std::invalid_argument for what contradicts itself.
Settings settings_from(const sdk::Options& options, const sdk::CameraInfo& camera);

}  // namespace lynceus::people

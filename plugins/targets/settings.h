// The options of the targets plugin: its table, and the same as plain values.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sdk/options.h"
#include "plugins/targets/movers.h"

namespace lynceus::targets {

enum class Profile { seed, recommended };

struct Settings {
  Profile profile = Profile::recommended;
  std::optional<cv::Rect2d> init;  ///< pixels; single-object tracking from the first frame on
  int directions = 0;              ///< 0: as the profile has it (4, 8)
  int length = 15;
  std::vector<double> opening;  ///< [width, height]; empty: as the profile has it (2×2, none)
  bool auto_opening = false;
  double least_score = 0.2;  ///< what is listed in a picture without a past
  int confirm_seen = 6, confirm_of = 8;
  bool registration = true;
  int accumulate = 1;  ///< pictures
  double loiter_s = 30;
  std::string network = "off";  ///< auto, off, or the file of a backbone
  bool tell_movers = true;      ///< on thermal cameras
  MoverSettings movers;
};

std::vector<sdk::OptionSpec> option_table();
Settings settings_from(const sdk::Options& options);

}  // namespace lynceus::targets

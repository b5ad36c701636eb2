// The options of the health plugin: its table, and the same as plain numbers.
#pragma once

#include <vector>

#include "plugins/sdk/options.h"

namespace lynceus::health {

struct Settings {
  std::vector<sdk::Polygon> ignore;
  double frozen_after_s = 10;
  double raise_after_s = 5, clear_after_s = 3;
  double moved_after_s = 10, accept_after_s = 600;
  double dark_level = 40, bright_level = 215, flat_spread = 6;
  double blur_ratio = 0.095, blur_share = 0.25;
  bool frozen = true, moved = true, covered = true, blurred = true;
};

std::vector<sdk::OptionSpec> option_table();
Settings settings_from(const sdk::Options& options);

}  // namespace lynceus::health

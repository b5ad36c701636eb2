// The options of the context plugin: its table, and the same as plain values.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sdk/options.h"

namespace lynceus::context {

enum class Profile { seed, recommended };
enum class Mode { automatic, still_pair, dynamic_pair, video };
enum class ImportanceRule { threshold, maximum };
enum class MaskRule { grey, binary };

struct Settings {
  Profile profile = Profile::recommended;
  Mode mode = Mode::automatic;
  ImportanceRule importance = ImportanceRule::threshold;
  MaskRule mask = MaskRule::grey;
  std::string day, reference, areas;  ///< paths; empty: none
  bool always = false;
  double screen = 1e-4, temporal = 1e-3;
  double verify_s = 10;
  int grow_px = 0;
  sdk::Polygon day_points, frame_points;  ///< four of the same places each, 0..1; empty: the views are the same
};

std::vector<sdk::OptionSpec> option_table();
Settings settings_from(const sdk::Options& options);

}  // namespace lynceus::context

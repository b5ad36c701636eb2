// The options of the plugin scene: its table, and the same as plain numbers.
#pragma once

#include <string>
#include <vector>

#include "plugins/sdk/options.h"
#include "plugins/sdk/services.h"

namespace lynceus::scene {

/// A zone whose floor is to stay free.
struct ExitSettings {
  std::string name;
  sdk::Polygon polygon;
  double share = 0.3;  ///< of the reference's floor: more than that gone is a blocked exit
  double after_s = 60;
};

struct Settings {
  std::string model;  ///< empty: scene.onnx where networks lie
  int classes = 4;
  double every_s = 60, quiet_s = 15, clear_after_s = 30;
  double layout_share = 0.08, layout_after_s = 300;
  double exit_share = 0.3, exit_after_s = 60;
  bool floor_mask = true;
  std::vector<ExitSettings> exits;
};

std::vector<sdk::OptionSpec> option_table();
/// Throws std::invalid_argument naming the option.
Settings settings_from(const sdk::Options& options, const sdk::CameraInfo& camera);

}  // namespace lynceus::scene

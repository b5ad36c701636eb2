// Everything one camera is configured with. Filled by config/; plain data, compared on reload.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/ingest/source_settings.h"
#include "plugins/sdk/options.h"

namespace lynceus::camera {

enum class Kind { visible, thermal };
enum class Privacy { none, no_evidence, blur };

/// How often an analyzer is called.
struct Cadence {
  enum class Mode { every_frame, on_motion, period } mode = Mode::every_frame;
  std::chrono::milliseconds period{0};
};
/// "every_frame", "on_motion", "2s", "500ms", "1m"; nothing for any other text.
std::optional<Cadence> parse_cadence(std::string_view text);

struct AnalyzerSettings {
  std::string plugin;
  Cadence when;
  sdk::Options options;
  std::vector<sdk::Zone> zones;  ///< those for this plugin, their options resolved
  std::vector<sdk::Line> lines;
};

/// When alarms of this camera may be raised; empty list: always.
struct ArmWindow {
  std::vector<int> days;  ///< 0 = Monday
  std::chrono::minutes from{0}, to{24 * 60};
};

struct GateSettings {
  int width_px = 160;
  double fps = 10;            ///< as often as the gate looks, unless an analyzer wants every frame or somebody watches
  double least_area = 0.002;  ///< of the picture: smaller motion is noise
  int budget_percent = 80;    ///< share of the frame interval a camera's analysis may take before frames are skipped
};

struct CameraSettings {
  std::string id;
  std::string name;
  Kind kind = Kind::visible;
  bool enabled = true;
  Privacy privacy = Privacy::none;
  ingest::SourceSettings source;
  GateSettings gate;
  std::vector<sdk::Polygon> motion_masks, privacy_masks;
  std::vector<AnalyzerSettings> analyzers;
  std::optional<sdk::Ground> ground;
  std::vector<ArmWindow> arm;
};

}  // namespace lynceus::camera

// A configuration while it is read: settings, and what can be resolved only when all of a camera is known.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "config/yaml_tree.h"
#include "pipeline/camera/camera_settings.h"

namespace lynceus::config {

struct ZoneDraft {
  sdk::Zone zone;
  std::vector<std::string> analyzers;  ///< empty: all
  std::optional<Node> options;         ///< by plugin
  Place place{};                       ///< of `analyzers` where given
};

struct LineDraft {
  sdk::Line line;
  std::vector<std::string> analyzers;
  Place place{};
};

struct ArmDraft {
  std::vector<std::string> days;
  std::chrono::minutes from{0}, to{24 * 60};
};

struct CameraDraft {
  camera::CameraSettings settings;
  bool has_source = false;        ///< an address is given, right or wrong
  std::optional<Node> analyzers;  ///< by plugin, keys dotted
  std::optional<double> frozen_after_s;
  Place frozen_after_place;
  std::vector<ZoneDraft> zones;
  std::vector<LineDraft> lines;
  std::vector<ArmDraft> arm;
  sdk::Ground::Homography homography;
  bool has_homography = false;
  std::string calibration;  ///< file
  Place calibration_place;
  Place place;
};

/// What the rows of a table store into: the part that is being read is set.
struct Target {
  Config* config = nullptr;
  CameraDraft* camera = nullptr;
  ZoneDraft* zone = nullptr;
  LineDraft* line = nullptr;
  ArmDraft* arm = nullptr;
  std::vector<CameraDraft>* cameras = nullptr;
  AlarmRule* rule = nullptr;
  SinkSettings* sink = nullptr;
};

}  // namespace lynceus::config

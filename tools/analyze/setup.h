// What an analyzer is set up with: the plugin, its options from --config and --set, the camera it stands for.
// Owner: analyze. Thread: bound to its owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/camera/camera_settings.h"
#include "pipeline/host/plugin_host.h"
#include "pipeline/infer/model_runner.h"

namespace lynceus::tools {

/// As the command line says it.
struct SetupRequest {
  std::string plugin;
  std::string config, camera;  ///< empty: none, the first that runs the plugin; a file without cameras: its section
  std::vector<std::string> sets;
  std::string plugins_dir, models_dir;  ///< empty: where they usually are
};

struct Setup {
  std::unique_ptr<host::PluginHost> host;
  const sdk::Plugin* plugin = nullptr;
  camera::CameraSettings camera;  ///< with exactly one analyzer, called for every frame
  std::unique_ptr<infer::ModelRunner> models;
  std::vector<std::string> model_dirs;
};

/// Throws Error: Exit::usage for an unknown plugin or a wrong --set, Exit::bad_config for the file.
Setup make_setup(const SetupRequest& request);

}  // namespace lynceus::tools

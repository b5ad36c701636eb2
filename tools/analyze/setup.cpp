#include "tools/analyze/setup.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "base/error.h"
#include "config/config.h"
#include "tools/command/places.h"

namespace lynceus::tools {
namespace {

std::string known_plugins(const std::string& folder) {
  std::string names;
  for (const std::string& name : host::PluginHost::built_in_names()) {
    if (std::filesystem::exists(folder + "/lynceus_" + name + ".so")) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

/// With a configuration all plugins are needed to check it; else the one that is asked for.
void load_plugins(Setup& setup, const SetupRequest& request) {
  const std::string folder = plugins_at(request.plugins_dir);
  setup.host = std::make_unique<host::PluginHost>();
  const std::string file = folder + "/lynceus_" + request.plugin + ".so";
  const bool exists = request.plugin.find('/') == std::string::npos && std::filesystem::exists(file);
  if (!exists)
    throw Error(Exit::usage, "plugin", request.plugin, "not in " + folder + "; there: " + known_plugins(folder));
  if (request.config.empty()) {
    setup.host->load_file(file);
  } else {
    setup.host->load_directory(folder);
  }
  setup.plugin = setup.host->find(request.plugin);
  if (setup.plugin) return;
  std::string why = "not loaded";
  for (const host::Refused& refused : setup.host->refused()) {
    if (refused.file == file) why = refused.why;
  }
  throw Error(Exit::fatal, "plugin", file, why);
}

/// The camera of the file that --camera names, else the first that runs the plugin.
const camera::CameraSettings& choose_camera(const config::Config& config, const SetupRequest& request) {
  for (const camera::CameraSettings& camera : config.cameras) {
    const bool runs = std::any_of(camera.analyzers.begin(), camera.analyzers.end(),
                                  [&](const auto& analyzer) { return analyzer.plugin == request.plugin; });
    if (request.camera.empty() ? runs : camera.id == request.camera && runs) return camera;
  }
  const std::string where = request.camera.empty() ? request.config : request.camera;
  throw Error(Exit::usage, "config", where, "no camera there runs " + request.plugin);
}

/// What --set says goes over what the file says.
sdk::Options overlay_options(const sdk::Options& file, const sdk::Options& line, const std::vector<std::string>& sets) {
  auto values = file.values();
  for (const std::string& set : sets) {
    const std::string key = set.substr(0, set.find('='));
    for (const auto& [name, value] : line.values()) {
      if (name == key || name.starts_with(key + ".")) values[name] = value;
    }
  }
  return sdk::Options(std::move(values));
}

infer::InferSettings read_config(Setup& setup, const SetupRequest& request, const sdk::Options& line) {
  const config::Config config = config::load(request.config, setup.host->catalogue()).config;
  setup.camera = choose_camera(config, request);
  std::erase_if(setup.camera.analyzers, [&](const auto& analyzer) { return analyzer.plugin != request.plugin; });
  setup.camera.analyzers.resize(1);
  camera::AnalyzerSettings& analyzer = setup.camera.analyzers[0];
  analyzer.options = overlay_options(analyzer.options, line, request.sets);
  for (sdk::Zone& zone : analyzer.zones) zone.options = overlay_options(zone.options, line, request.sets);
  if (request.models_dir.empty() && !config.server.models_dir.empty())
    setup.model_dirs = model_folders(config.server.models_dir);
  return config.inference;
}

}  // namespace

Setup make_setup(const SetupRequest& request) {
  Setup setup;
  load_plugins(setup, request);
  setup.model_dirs = model_folders(request.models_dir);
  const sdk::Options line = config::plugin_options(setup.plugin->info(), request.sets);
  infer::InferSettings inference;
  inference.backend = infer::Backend::cpu;  // `auto` would change horses on the way: two runs must say the same
  if (!request.config.empty() && (!request.camera.empty() || config::names_cameras(request.config))) {
    inference = read_config(setup, request, line);
  } else {
    setup.camera.analyzers.resize(1);
    setup.camera.analyzers[0].plugin = request.plugin;
    setup.camera.analyzers[0].options = config::plugin_options(setup.plugin->info(), request.config, request.sets);
  }
  if (setup.camera.id.empty()) setup.camera.id = "analyze";
  setup.camera.analyzers[0].when = {};
  setup.models = std::make_unique<infer::ModelRunner>(inference, infer::make_engines(inference.device), system_clock());
  return setup;
}

}  // namespace lynceus::tools

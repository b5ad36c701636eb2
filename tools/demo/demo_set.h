// The cameras of the demo and the configuration made for them. Pure but for the look into the plugin folder.
// Thread: any.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace lynceus::tools {

struct DemoCamera {
  std::string id, plugin;
  bool thermal = false;
  std::string spec;          ///< for `lynceus simulate`, without the id
  std::string extra;         ///< more lines of its YAML, indented by four
  std::string options = "";  ///< of the plugin, as in a YAML map
};

/// In a specification: the film of faulty_film.h, wherever this run keeps it.
inline constexpr const char* kFaultyFilm = "FILM";

const std::vector<DemoCamera>& demo_cameras();
std::string demo_spec(const DemoCamera& camera, const std::string& film);

/// Names of the plugins in a folder (lynceus_NAME.so).
std::set<std::string> plugins_in(const std::string& folder);
/// Where the plugins of this program are: beside the build's bin/, or installed below lib/; empty when nowhere.
std::string plugin_folder(const std::string& program_folder);

struct DemoConfig {
  int port = 8080;
  std::string state_folder, plugin_folder;
  std::string sink_url, sink_secret;
  std::map<std::string, std::string> urls;  ///< by camera
  std::set<std::string> plugins;            ///< an analyzer is written only for these
};
std::string demo_yaml(const DemoConfig& config);

}  // namespace lynceus::tools

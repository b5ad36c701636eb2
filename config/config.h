// The whole configuration as plain data: what the daemon is started with and compares on reload.
//
// load() reads the main file and the settings files beside it, substitutes secrets, checks everything against the tables
// (its own and those of the loaded plugins) and either returns a Config that is right or throws ConfigError naming file,
// line, column, key and what would be accepted. config/ is the only user of yaml-cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "pipeline/camera/camera_settings.h"
#include "pipeline/infer/model_runner.h"
#include "plugins/sdk/plugin.h"

namespace lynceus::config {

struct ServerSettings {
  std::string address = "127.0.0.1";
  int port = 8080;  ///< 0: any free port, told in the log and by --port-file
  enum class Auth { tokens, none } auth = Auth::tokens;
  bool metrics_auth = true;
  std::vector<std::string> hosts;  ///< accepted Host names besides loopback
  std::string tls_certificate, tls_key;
  std::string plugin_dir;  ///< empty: beside the program (build tree) or the installed one
  std::string models_dir;
  int threads = 2;
};

struct StorageSettings {
  std::string directory;  ///< empty: $STATE_DIRECTORY, else ./lynceus-state
  std::int64_t max_bytes = std::int64_t{2} << 30;
};

struct Config {
  std::string site;  ///< default: host name
  std::string timezone;
  ServerSettings server;
  StorageSettings storage;
  infer::InferSettings inference;
  std::vector<camera::CameraSettings> cameras;  ///< in the file's order
};

/// what(): "config: FILE:LINE:COLUMN: KEY: why; accepted: …"
class ConfigError : public Error {
 public:
  ConfigError(const std::string& where, const std::string& why) : Error(Exit::bad_config, "config", where, why) {}
};

/// Where a value came from, for `check --origin`.
struct Origin {
  std::string key, value, where;  ///< secrets masked; where = FILE:LINE:COLUMN or "default"
};

struct LoadResult {
  Config config;
  std::vector<Origin> origins;
  std::vector<std::string> warnings;
};

using Catalogue = std::vector<const sdk::PluginInfo*>;

LoadResult load(const std::string& file, const Catalogue& plugins);
/// The same for a text in memory; `name` stands for the file in messages, relative paths start at `folder`.
LoadResult load_text(const std::string& text, const std::string& name, const std::string& folder,
                     const Catalogue& plugins);

/// JSON Schema (draft 2020-12) out of the same tables.
std::string schema(const Catalogue& plugins);

/// One plugin's options out of `key=value` pairs with JSON values (`analyze --set`), or out of a YAML file's section.
/// Throws Error (Exit::usage) for --set, ConfigError for the file.
sdk::Options plugin_options(const sdk::PluginInfo& plugin, const std::vector<std::string>& sets);

}  // namespace lynceus::config

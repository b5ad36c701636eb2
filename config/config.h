// The whole configuration as plain data: what the daemon is started with and compares on reload.
//
// load() reads the main file and the settings files beside it, substitutes secrets, checks everything against the
// tables (its own and those of the loaded plugins) and either returns a Config that is right or throws ConfigError
// naming file, line, column, key and what would be accepted. config/ is the only user of yaml-cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "config/alarm_settings.h"
#include "config/settings_file.h"
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
  EvidenceSettings evidence;
};

struct Config {
  std::string site;  ///< default: host name
  std::string timezone;
  ServerSettings server;
  StorageSettings storage;
  AlarmSettings alarms;
  NotifySettings notify;
  infer::InferSettings inference;
  std::vector<std::string> model_mirrors;       ///< `inference.mirrors`: where `lynceus models pull` looks
  std::vector<camera::CameraSettings> cameras;  ///< in the file's order
};

/// what(): "config: FILE:LINE:COLUMN: KEY: why; accepted: …", the first problem of the file; lines() has all of them.
class ConfigError : public Error {
 public:
  ConfigError(const std::string& where, const std::string& why)
      : Error(Exit::bad_config, "config", where, why), lines_{where + ": " + why} {}
  explicit ConfigError(std::vector<std::string> lines)
      : Error(Exit::bad_config, "config", lines.at(0).substr(0, lines.at(0).find(": ")),
              lines.at(0).substr(lines.at(0).find(": ") + 2)),
        lines_(std::move(lines)) {}
  /// Each "FILE:LINE:COLUMN: KEY: why".
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

/// Where a value came from, for `check --origin`.
struct Origin {
  std::string key, value, where;  ///< secrets masked; where = FILE:LINE:COLUMN or "default"
};

struct LoadResult {
  Config config;
  std::vector<Origin> origins;
  std::vector<std::string> warnings;
  std::vector<std::string> secret_files;  ///< that ${file:} and ${credential:} read, each once: worth watching
  std::uint64_t fingerprint = 0;  ///< of every value and of the plugins' versions; another one: something changed
};

using Catalogue = std::vector<const sdk::PluginInfo*>;

/// Main file, and on top of it settings.d/CAMERA.yaml of the state directory (empty: the one the file names, else
/// $STATE_DIRECTORY, else ./lynceus-state); throws ConfigError. A draft stands for a camera's settings file.
LoadResult load(const std::string& file, const Catalogue& plugins, const std::string& state_directory = {},
                const SettingsDraft* draft = nullptr);
/// The same for a text in memory, without settings files; `name` stands for the file in messages, relative paths start
/// at `folder`.
LoadResult load_text(const std::string& text, const std::string& name, const std::string& folder,
                     const Catalogue& plugins);

/// `server.plugin_dir` of a file, empty where it says nothing: read before the plugins whose tables load() needs.
std::string plugin_directory(const std::string& file);

/// `inference.mirrors` of a file, for who wants nothing else of it. Throws ConfigError where it is wrong.
std::vector<std::string> model_mirrors(const std::string& file);

/// Whether a file has `cameras`: else it may be one for plugin_options(). Throws ConfigError.
bool names_cameras(const std::string& file);

/// JSON Schema (draft 2020-12) out of the same tables.
std::string schema(const Catalogue& plugins);

/// The reference page (Markdown) and the full example (YAML, every key with its default), out of the same tables.
std::string reference(const Catalogue& plugins);
std::string full_example();

/// One plugin's options out of `key=value` pairs with JSON values (`analyze --set`), on top of a YAML file's section.
/// The file is a configuration (`defaults.analyzers.PLUGIN` counts) or holds the plugin's section alone
/// (`PLUGIN: {…}`); empty: none. Throws Error (Exit::usage) for --set, ConfigError for the file.
sdk::Options plugin_options(const sdk::PluginInfo& plugin, const std::vector<std::string>& sets);
sdk::Options plugin_options(const sdk::PluginInfo& plugin, const std::string& file,
                            const std::vector<std::string>& sets);

}  // namespace lynceus::config

// STATE_DIRECTORY/settings.d/CAMERA.yaml: what the API set, read after the main file (load() in config.h).
//
// Written whole or not at all: a file beside it, synced, then renamed over it. Thread: one writer at a time.
#pragma once

#include <optional>
#include <string>

namespace lynceus::config {

/// What a camera's file is to be, before it is written; nothing: no file.
struct SettingsDraft {
  std::string camera;
  std::optional<std::string> yaml;
};

std::string settings_file(const std::string& directory, const std::string& camera);

/// As it stands; nothing when there is none. Throws ConfigError when it cannot be read.
std::optional<std::string> read_settings_file(const std::string& directory, const std::string& camera);
/// Makes the folder where it is missing. Throws Error (Exit::fatal).
void write_settings_file(const std::string& directory, const std::string& camera, const std::string& yaml);
/// Also when there is none. Throws Error (Exit::fatal).
void remove_settings_file(const std::string& directory, const std::string& camera);

/// The file as JSON, {} when there is none: canonical_yaml() of it says the same. Throws ConfigError.
std::string settings_json(const std::string& directory, const std::string& camera);

}  // namespace lynceus::config

// Where the daemon of a configuration file keeps its state, without reading the rest of the file: what a tool of the
// command line needs. Thread: pure but for the file and the environment.
#pragma once

#include <string>

namespace lynceus::config {

/// `storage.directory` of the file, else the first of $STATE_DIRECTORY, else ./lynceus-state. Throws ConfigError.
std::string state_directory(const std::string& file);

}  // namespace lynceus::config

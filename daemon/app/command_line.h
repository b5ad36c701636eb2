// lynceusd's own arguments. Thread: pure.
#pragma once

#include <string>
#include <vector>

namespace lynceus::daemon {

struct CommandLine {
  std::string config;
  std::string log_level = "info";
  std::string port_file;  ///< the port is written here once the server listens
  bool check = false, help = false, version = false;
};

/// Arguments without the program's name. Throws Error (Exit::usage).
CommandLine parse_command_line(const std::vector<std::string>& arguments);
const char* usage();

}  // namespace lynceus::daemon

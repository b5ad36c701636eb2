// The one exception of start-up, configuration and commands: what went wrong, where, and why.
//
// what() is the whole line without the program's name: "what: where: why". Run-time trouble of a camera is not an
// exception but a state and a metric.
#pragma once

#include <stdexcept>
#include <string>

namespace lynceus {

/// Exit codes of the programs (docs/ref/cli.md).
enum class Exit : int { done = 0, fatal = 1, usage = 2, unreadable = 3, bad_config = 78 };

class Error : public std::runtime_error {
 public:
  Error(Exit exit, const std::string& what, const std::string& where, const std::string& why)
      : std::runtime_error(what + ": " + where + ": " + why), exit_(exit) {}
  Exit exit() const { return exit_; }

 private:
  Exit exit_;
};

}  // namespace lynceus

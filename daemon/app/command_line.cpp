#include "daemon/app/command_line.h"

#include <cstddef>

#include "base/error.h"

namespace lynceus::daemon {
namespace {

class Arguments {
 public:
  explicit Arguments(const std::vector<std::string>& words) : words_(words) {}

  bool more() const { return next_ < words_.size(); }
  const std::string& take() { return words_[next_++]; }
  /// The value of `option`, written as --option VALUE.
  const std::string& value(const std::string& option) {
    if (!more()) throw Error(Exit::usage, "usage", option, "needs a value");
    return take();
  }

 private:
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
};

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& words) {
  CommandLine line;
  Arguments arguments(words);
  while (arguments.more()) {
    const std::string option = arguments.take();
    if (option == "--config") {
      line.config = arguments.value(option);
    } else if (option == "--log-level") {
      line.log_level = arguments.value(option);
    } else if (option == "--port-file") {
      line.port_file = arguments.value(option);
    } else if (option == "--check") {
      line.check = true;
    } else if (option == "--help" || option == "-h") {
      line.help = true;
    } else if (option == "--version") {
      line.version = true;
    } else {
      throw Error(Exit::usage, "usage", option, "no such option; lynceusd --help lists them");
    }
  }
  if (line.config.empty() && !line.help && !line.version) {
    throw Error(Exit::usage, "usage", "--config", "is missing; lynceusd --help tells more");
  }
  return line;
}

const char* usage() {
  return "lynceusd --config FILE [--log-level debug|info|warning|error] [--check] [--port-file FILE]\n"
         "\n"
         "  --config FILE     the cameras and everything else (docs/ref/config.md)\n"
         "  --check           read the configuration, say what is wrong, start nothing\n"
         "  --port-file FILE  write the port here once the server listens (for server.port: 0)\n"
         "  --log-level L     default info\n"
         "  --version, --help\n"
         "\n"
         "Example: lynceusd --config /etc/lynceus/lynceus.yaml\n"
         "SIGHUP reads the configuration again, SIGTERM and SIGINT end the daemon.\n"
         "Exit codes: 0 stopped, 2 wrong usage, 78 bad configuration, 1 anything else.\n";
}

}  // namespace lynceus::daemon

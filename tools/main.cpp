// The `lynceus` command: a table of names. Errors are one line `lynceus: what: where: why`; exit codes as in
// base/error.h.
#include <malloc.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "tools/analyze/analyze.h"
#include "tools/backup/backup.h"
#include "tools/bench/bench.h"
#include "tools/check/check.h"
#include "tools/demo/demo.h"
#include "tools/evaluate/evaluate.h"
#include "tools/models/models.h"
#include "tools/probe/probe.h"
#include "tools/simulate/simulate.h"
#include "tools/token/token.h"
#include "tools/version/version.h"

namespace lynceus::tools {
namespace {

struct Command {
  const char* name;
  const char* summary;
  int (*run)(std::span<const std::string>);
};

constexpr Command kCommands[] = {
    {"analyze", "run one plugin on pictures, videos or a live camera", run_analyze},
    {"backup", "alarms, deliveries and settings in one file, while the daemon runs", run_backup},
    {"bench", "measure what the daemon costs here", run_bench},
    {"check", "check configuration files", run_check},
    {"demo", "simulated cameras, the daemon and its page", run_demo},
    {"evaluate", "run one plugin on data whose truth is known", run_evaluate},
    {"models", "networks that are known, fetched and checked", run_models},
    {"probe", "what a camera's address gives", run_probe},
    {"simulate", "cameras that are not there, on real RTSP", run_simulate},
    {"token", "who may use the HTTP API", run_token},
    {"version", "versions of the program, its libraries and plugins", run_version},
};

void print_usage(std::FILE* to) {
  std::fprintf(to, "usage: lynceus COMMAND [OPTION…] [ARGUMENT…]\n\n");
  for (const Command& command : kCommands) std::fprintf(to, "  %-10s %s\n", command.name, command.summary);
  std::fprintf(to,
               "\nlynceus COMMAND --help tells more. Example:\n  lynceus analyze health --out /tmp/seen picture.jpg\n");
}

int run(const std::vector<std::string>& args) {
  if (args.empty()) {
    print_usage(stderr);
    return static_cast<int>(Exit::usage);
  }
  if (args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    print_usage(stdout);
    return static_cast<int>(Exit::done);
  }
  const std::string name = args[0] == "--version" ? "version" : args[0];
  const auto* found =
      std::find_if(std::begin(kCommands), std::end(kCommands), [&](const Command& c) { return c.name == name; });
  if (found == std::end(kCommands)) throw Error(Exit::usage, "command", name, "not known; lynceus --help lists them");
  return found->run(std::span(args).subspan(1));
}

/// Where an error may come from a library, it may hold a URL with a password.
int fail(const std::string& line, Exit code) {
  std::fprintf(stderr, "lynceus: %s\n", log::redact(line).c_str());
  return static_cast<int>(code);
}

}  // namespace
}  // namespace lynceus::tools

int main(int argc, char** argv) {
  mallopt(M_ARENA_MAX, 2);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return lynceus::tools::run({argv + std::min(argc, 1), argv + argc});
  } catch (const lynceus::Error& error) {
    return lynceus::tools::fail(error.what(), error.exit());
  } catch (const std::exception& error) {
    return lynceus::tools::fail(std::string("failed: ") + (argc > 1 ? argv[1] : "-") + ": " + error.what(),
                                lynceus::Exit::fatal);
  }
}

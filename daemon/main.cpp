// lynceusd: reads its configuration, starts the App, and ends as it is told.
#include <malloc.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "config/config.h"
#include "daemon/app/app.h"
#include "daemon/app/command_line.h"
#include "daemon/app/exposure_rules.h"
#include "daemon/app/io_loop.h"
#include "daemon/app/places.h"
#include "pipeline/host/plugin_host.h"

namespace {

using namespace lynceus;

void complain(const std::string& what) { std::fprintf(stderr, "lynceusd: %s\n", log::redact(what).c_str()); }

int status(Exit exit) { return static_cast<int>(exit); }

config::LoadResult load(const std::string& file, const host::PluginHost& plugins) {
  config::LoadResult loaded = config::load(file, plugins.catalogue());
  for (const std::string& warning : loaded.warnings) log::warning("config", warning);
  daemon::check_exposure(loaded.config.server, loaded.config.storage);
  return loaded;
}

/// The plugins' tables are needed to read the rest of the configuration, so their folder is read first.
void load_plugins(const std::string& config_file, host::PluginHost& plugins) {
  plugins.load_directory(daemon::plugin_directory(config::plugin_directory(config_file)));
}

std::string names(const host::PluginHost& plugins) {
  std::string all;
  for (const sdk::PluginInfo* info : plugins.catalogue()) all += (all.empty() ? "" : ",") + info->name;
  return all;
}

int run(const daemon::CommandLine& line) {
  if (!log::set_level(line.log_level)) {
    throw Error(Exit::usage, "usage", "--log-level", "debug, info, warning or error");
  }
  // A wrong configuration is told in one line, not behind a line for each plugin.
  if (line.log_level == "info") log::set_level(log::Level::warning);
  daemon::block_signals();
  host::PluginHost plugins;
  load_plugins(line.config, plugins);
  config::LoadResult loaded = load(line.config, plugins);
  log::set_level(line.log_level);
  if (line.check) {
    std::printf("%s: ok, %zu cameras\n", line.config.c_str(), loaded.config.cameras.size());
    return status(Exit::done);
  }
  log::info("app", "starting",
            {{"version", LYNCEUS_VERSION}, {"cameras", loaded.config.cameras.size()}, {"plugins", names(plugins)}});
  daemon::App app({line.config, line.port_file}, std::move(loaded), plugins, system_clock());
  app.start();
  app.run();
  return status(Exit::done);
}

}  // namespace

int main(int argc, char** argv) {
  mallopt(M_ARENA_MAX, 2);  // a hundred threads that reconnect would each keep an arena of their own
  try {
    const daemon::CommandLine line = daemon::parse_command_line({argv + 1, argv + argc});
    if (line.help) return std::fputs(daemon::usage(), stdout), status(Exit::done);
    if (line.version) return std::printf("lynceusd %s\n", LYNCEUS_VERSION), status(Exit::done);
    return run(line);
  } catch (const config::ConfigError& e) {
    for (const std::string& problem : e.lines()) complain("config: " + problem);
    return status(e.exit());
  } catch (const Error& e) {
    complain(e.what());
    return status(e.exit());
  } catch (const std::exception& e) {
    complain(e.what());
    return status(Exit::fatal);
  }
}

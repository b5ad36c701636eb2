#include "tools/check/check.h"

#include <cstdio>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "config/config.h"
#include "pipeline/host/plugin_host.h"
#include "tools/command/arguments.h"
#include "tools/command/json_lines.h"
#include "tools/command/places.h"

namespace lynceus::tools {
namespace {

const Usage kUsage{
    "check",
    "[FILE…]",
    "Checks configuration files against the tables that load them; one line a problem. Exit 78 when there is one.",
    {{"--origin", "", "where every value comes from"},
     {"--plugins", "DIR", "folder of the plugins (server.plugin_dir, else the installed one)"},
     {"--schema", "", "print the JSON Schema (draft 2020-12), plugins included"},
     {"--reference", "", "print the reference page; with --plugins, their options too"},
     {"--example", "", "print a file with every key and its default"},
     {"--json", "", "one JSON object"}},
    "lynceus check lynceus.yaml"};

/// What a file turned out to be.
struct Outcome {
  std::string file;
  std::vector<std::string> problems;
  std::optional<config::LoadResult> loaded;
};

Outcome check(const std::string& file, const std::optional<std::string>& plugins) {
  Outcome out{.file = file, .problems = {}, .loaded = {}};
  try {
    host::PluginHost host;
    host.load_directory(plugins_at(plugins ? *plugins : config::plugin_directory(file)));
    out.loaded = config::load(file, host.catalogue());
  } catch (const config::ConfigError& error) {
    out.problems = error.lines();
  }
  return out;
}

void print_text(const Outcome& outcome, bool origin) {
  for (const std::string& line : outcome.problems) std::fprintf(stderr, "lynceus: config: %s\n", line.c_str());
  if (!outcome.loaded) return;
  for (const std::string& line : outcome.loaded->warnings) {
    std::fprintf(stderr, "lynceus: config: %s (a warning)\n", line.c_str());
  }
  if (origin) {
    for (const config::Origin& o : outcome.loaded->origins) {
      std::printf("%s = %s\t(%s)\n", o.key.c_str(), o.value.c_str(), o.where.c_str());
    }
  } else {
    const std::size_t cameras = outcome.loaded->config.cameras.size();
    std::printf("%s: right, %zu camera%s\n", outcome.file.c_str(), cameras, cameras == 1 ? "" : "s");
  }
}

Json to_json(const Outcome& outcome, bool origin) {
  Json out;
  out["file"] = outcome.file;
  out["ok"] = outcome.loaded.has_value();
  out["problems"] = outcome.problems;
  out["warnings"] = Json::array();
  if (!outcome.loaded) return out;
  out["warnings"] = outcome.loaded->warnings;
  out["cameras"] = Json::array();
  for (const auto& camera : outcome.loaded->config.cameras) out["cameras"].push_back(camera.id);
  if (!origin) return out;
  out["origins"] = Json::array();
  for (const config::Origin& o : outcome.loaded->origins) {
    out["origins"].push_back({{"key", o.key}, {"value", o.value}, {"where", o.where}});
  }
  return out;
}

int check_files(const Arguments& args) {
  Json all = Json::array();
  bool right = true;
  for (const std::string& file : args.rest()) {
    const Outcome outcome = check(file, args.text("--plugins"));
    right = right && outcome.loaded.has_value();
    if (args.has("--json")) {
      all.push_back(to_json(outcome, args.has("--origin")));
    } else {
      print_text(outcome, args.has("--origin"));
    }
  }
  if (args.has("--json")) print_line(Json{{"ok", right}, {"files", std::move(all)}});
  return static_cast<int>(right ? Exit::done : Exit::bad_config);
}

/// The reference page of the repository is ours alone; other tables are those of the plugins found.
std::string document(const Arguments& args) {
  if (args.has("--example")) return config::full_example();
  host::PluginHost host;
  const bool wanted = args.has("--schema") || args.has("--plugins");
  if (wanted) host.load_directory(plugins_at(args.text("--plugins").value_or("")));
  return args.has("--schema") ? config::schema(host.catalogue()) : config::reference(host.catalogue());
}

}  // namespace

int run_check(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return static_cast<int>(Exit::done);
  log::set_level(log::Level::warning);
  if (args.has("--schema") || args.has("--reference") || args.has("--example")) {
    if (!args.rest().empty()) throw Error(Exit::usage, "check", args.rest().front(), "no file belongs here");
    std::fputs(document(args).c_str(), stdout);
    return static_cast<int>(Exit::done);
  }
  if (args.rest().empty()) throw Error(Exit::usage, "check", "FILE", "missing; lynceus check --help tells more");
  return check_files(args);
}

}  // namespace lynceus::tools

#include "tools/token/token.h"

#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/state_directory.h"
#include "config/state_directory.h"
#include "config/tokens.h"
#include "tools/command/arguments.h"
#include "tools/command/json_lines.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPackaged = "/var/lib/lynceus";

const Usage kUsage{
    "token",
    "add NAME | list | remove NAME",
    "Tokens of the HTTP API. A new one is printed once, the daemon keeps its SHA-256 alone; it counts at once.\n"
    "Roles: view looks, operate acknowledges, shelves and switches, admin changes settings.",
    {{"--role", "ROLE", "of a new token: view, operate or admin"},
     {"--state", "DIR",
      "the daemon's state directory ($STATE_DIRECTORY, else /var/lib/lynceus if there, else ./lynceus-state)"},
     {"--config", "FILE", "the state directory that this configuration names"},
     {"--json", "", "one JSON object"}},
    "lynceus token add --role operate control-room",
    1,
    2};

std::string state_of(const Arguments& args) {
  if (const auto given = args.text("--state")) return *given;
  if (const auto file = args.text("--config")) return config::state_directory(*file);
  std::error_code error;
  if (const auto of_service = service_state_directory()) return *of_service;
  return fs::is_directory(kPackaged, error) ? kPackaged : default_state_directory();
}

int add(const Arguments& args, const std::string& state, const std::string& name) {
  const std::string given = args.text("--role").value_or("");
  const auto role = config::role_named(given);
  if (!role) throw Error(Exit::usage, "token", "--role", "view, operate or admin");
  std::error_code error;
  if (fs::create_directories(state, error)) fs::permissions(state, fs::perms(0700), error);
  const std::string secret = config::add_token(state, name, *role, system_clock().wall());
  if (args.has("--json")) {
    print_line({{"name", name}, {"role", given}, {"token", secret}, {"file", config::tokens_file(state)}});
  } else {
    std::printf("%s\n", secret.c_str());
    std::fprintf(stderr, "%s: written to %s; the token is not shown again\n", name.c_str(),
                 config::tokens_file(state).c_str());
  }
  return 0;
}

int list(const Arguments& args, const std::string& state) {
  Json all = Json::array();
  for (const config::Token& token : config::read_tokens(state)) {
    if (args.has("--json")) {
      all.push_back({{"name", token.name}, {"role", config::name(token.role)}, {"created", token.created}});
    } else {
      std::printf("%-24s %-8s %s\n", token.name.c_str(), config::name(token.role), token.created.c_str());
    }
  }
  if (args.has("--json")) print_line({{"tokens", all}});
  return 0;
}

int remove(const std::string& state, const std::string& name) {
  if (config::remove_token(state, name)) return 0;
  throw Error(Exit::unreadable, "token", name, "no token of " + config::tokens_file(state) + " has that name");
}

}  // namespace

int run_token(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return 0;
  const std::vector<std::string>& words = args.rest();
  const std::string state = state_of(args);
  if (words[0] == "list" && words.size() == 1) return list(args, state);
  if (words[0] == "add" && words.size() == 2) return add(args, state, words[1]);
  if (words[0] == "remove" && words.size() == 2) return remove(state, words[1]);
  throw Error(Exit::usage, "token", words[0], "add NAME, list, or remove NAME");
}

}  // namespace lynceus::tools

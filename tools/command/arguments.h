// What stands behind a command's name: switches, options with values, and the rest. One table parses and explains.
//
//   const Arguments args({"probe", "URL", "what a camera's address gives", {{"--timeout", "S", "give up after"}}, "…"}, given);
//   if (args.help()) return 0;                       // printed
//   const double timeout = args.number("--timeout", 10);
//
// Throws Error (Exit::usage) for what is not in the table. Thread: bound to its owner.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lynceus::tools {

struct Option {
  std::string name;   ///< "--out"
  std::string value;  ///< what its value is called; empty: a switch
  std::string help;
};

/// All there is to say about a command.
struct Usage {
  std::string command;
  std::string synopsis;  ///< what follows the name, options aside: "PLUGIN INPUT…"
  std::string summary;
  std::vector<Option> options;
  std::string example;
  std::size_t least_arguments = 0, most_arguments = std::size_t(-1);
};

std::string explain(const Usage& usage);

class Arguments {
 public:
  Arguments(const Usage& usage, std::span<const std::string> given);

  /// True when --help was asked for; it has been printed to stdout.
  bool help() const { return help_; }
  bool has(const std::string& option) const { return values_.count(option) != 0; }
  std::optional<std::string> text(const std::string& option) const;  ///< the last one given
  std::vector<std::string> all(const std::string& option) const;
  double number(const std::string& option, double fallback, double least, double greatest) const;
  const std::vector<std::string>& rest() const { return rest_; }

 private:
  void take(const Usage& usage, std::span<const std::string> given, std::size_t& at);

  std::string command_;
  bool help_ = false;
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> rest_;
};

}  // namespace lynceus::tools

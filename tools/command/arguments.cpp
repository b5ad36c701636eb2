#include "tools/command/arguments.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/error.h"

namespace lynceus::tools {
namespace {

const Option* find(const Usage& usage, const std::string& name) {
  const auto found =
      std::find_if(usage.options.begin(), usage.options.end(), [&](const Option& o) { return o.name == name; });
  return found == usage.options.end() ? nullptr : &*found;
}

std::string names(const Usage& usage) {
  std::string all;
  for (const Option& option : usage.options) all += option.name + ", ";
  return all + "--help";
}

bool is_option(const std::string& text) { return text.size() > 1 && text[0] == '-'; }

}  // namespace

std::string explain(const Usage& usage) {
  std::string text = "usage: lynceus " + usage.command;
  if (!usage.options.empty()) text += " [OPTION…]";
  text += (usage.synopsis.empty() ? "" : " " + usage.synopsis) + "\n" + usage.summary + "\n\n";
  for (const Option& option : usage.options) {
    std::string left = "  " + option.name + (option.value.empty() ? "" : " " + option.value);
    left.resize(std::max<std::size_t>(left.size() + 1, 22), ' ');
    text += left + option.help + "\n";
  }
  return text + "\nExample:\n  " + usage.example + "\n";
}

Arguments::Arguments(const Usage& usage, std::span<const std::string> given) : command_(usage.command) {
  bool options = true;  // until "--"
  for (std::size_t at = 0; at < given.size(); ++at) {
    if (!options || !is_option(given[at])) {
      rest_.push_back(given[at]);
    } else if (given[at] == "--") {
      options = false;
    } else if (given[at] == "--help" || given[at] == "-h") {
      help_ = true;
    } else {
      take(usage, given, at);
    }
  }
  if (help_) {
    std::fputs(explain(usage).c_str(), stdout);
    return;
  }
  if (rest_.size() < usage.least_arguments)
    throw Error(Exit::usage, command_, usage.synopsis, "missing; lynceus " + command_ + " --help");
  if (rest_.size() > usage.most_arguments)
    throw Error(Exit::usage, command_, rest_[usage.most_arguments], "one argument too many");
}

/// --name VALUE or --name=VALUE.
void Arguments::take(const Usage& usage, std::span<const std::string> given, std::size_t& at) {
  const std::string& word = given[at];
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const Option* option = find(usage, name);
  if (!option) throw Error(Exit::usage, command_, name, "unknown option; known: " + names(usage));
  std::string value;
  if (option->value.empty()) {
    if (equals != std::string::npos) throw Error(Exit::usage, command_, name, "takes no value");
  } else if (equals != std::string::npos) {
    value = word.substr(equals + 1);
  } else if (at + 1 < given.size()) {
    value = given[++at];
  } else {
    throw Error(Exit::usage, command_, name, "needs a value (" + option->value + ")");
  }
  values_[name].push_back(std::move(value));
}

std::optional<std::string> Arguments::text(const std::string& option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::all(const std::string& option) const {
  const auto found = values_.find(option);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

double Arguments::number(const std::string& option, double fallback, double least, double greatest) const {
  const auto given = text(option);
  if (!given) return fallback;
  double value = 0;
  const char* end = given->data() + given->size();
  const auto [stopped, error] = std::from_chars(given->data(), end, value);
  if (error == std::errc{} && stopped == end && value >= least && value <= greatest) return value;
  char range[96];
  std::snprintf(range, sizeof range, "'; a number from %g to %g", least, greatest);
  throw Error(Exit::usage, command_, option, "'" + *given + range);
}

}  // namespace lynceus::tools

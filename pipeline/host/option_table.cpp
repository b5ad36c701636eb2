#include "pipeline/host/option_table.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <variant>
#include <vector>

namespace lynceus::host {
namespace {

constexpr std::size_t kMaxOptions = 256;
constexpr std::size_t kMaxNames = 64;

bool plain_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

/// Plain names joined by dots.
bool option_key(std::string_view key) {
  while (true) {
    const auto dot = key.find('.');
    if (!plain_name(key.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    key.remove_prefix(dot + 1);
  }
}

bool holds(const sdk::OptionValue& value, sdk::OptionType type) {
  using enum sdk::OptionType;
  switch (type) {
    case boolean:
      return std::holds_alternative<bool>(value);
    case integer:
      return std::holds_alternative<std::int64_t>(value);
    case number:
    case duration:
      return std::holds_alternative<double>(value);
    case text:
    case choice:
    case file:
      return std::holds_alternative<std::string>(value);
    case numbers:
      return std::holds_alternative<std::vector<double>>(value);
    case points:
      return std::holds_alternative<sdk::Polygon>(value);
    case polygons:
      return std::holds_alternative<std::vector<sdk::Polygon>>(value);
  }
  return false;
}

bool within(double value, const sdk::OptionSpec& spec) {
  return std::isfinite(value) && value >= spec.least && value <= spec.greatest;
}

bool default_fits(const sdk::OptionSpec& spec) {
  const sdk::OptionValue& value = *spec.fallback;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return within(static_cast<double>(*whole), spec);
  if (const auto* number = std::get_if<double>(&value)) return within(*number, spec);
  if (const auto* list = std::get_if<std::vector<double>>(&value)) {
    return (spec.count <= 0 || list->size() == static_cast<std::size_t>(spec.count)) &&
           std::all_of(list->begin(), list->end(), [&](double v) { return within(v, spec); });
  }
  if (spec.type != sdk::OptionType::choice) return true;
  const auto& name = std::get<std::string>(value);
  return std::find(spec.choices.begin(), spec.choices.end(), name) != spec.choices.end();
}

std::string option_fault(const sdk::OptionSpec& spec) {
  if (!option_key(spec.key)) return "is not a plain key";
  if (spec.key == "when") return "is the daemon's own key";
  if (spec.type < sdk::OptionType::boolean || spec.type > sdk::OptionType::file) return "has an unknown type";
  if (!(spec.least <= spec.greatest)) return "has bounds the wrong way round";
  if (spec.type == sdk::OptionType::choice && spec.choices.empty()) return "has no choices";
  if (spec.help.empty()) return "has no help text";
  if (!spec.fallback) return {};
  if (!holds(*spec.fallback, spec.type)) return "has a default of another type";
  if (!default_fits(spec)) return "has a default that is not allowed";
  return {};
}

bool cadence(std::string_view when) {
  if (when == "every_frame" || when == "on_motion") return true;
  return !when.empty() && when.size() < 16 && when.front() >= '0' && when.front() <= '9' && when.back() >= 'a';
}

bool plain_names(const std::vector<std::string>& names) {
  return names.size() <= kMaxNames && std::all_of(names.begin(), names.end(), plain_name);
}

}  // namespace

bool plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(), plain_character);
}

std::string table_fault(const sdk::PluginInfo& info) {
  if (!plain_name(info.name)) return "its name is not a plain one";
  // Stages of a camera are told by these names, beside those of the plugins.
  if (info.name == "decode" || info.name == "gate" || info.name == "encode") return "its name is a stage's";
  if (!cadence(info.when)) return "its cadence is none of every_frame, on_motion or a period";
  if (!plain_names(info.kinds)) return "its kinds are not plain names";
  if (!plain_names(info.views)) return "its views are not plain names";
  if (info.options.size() > kMaxOptions) return "it has more than 256 options";
  std::set<std::string_view> seen;
  for (const sdk::OptionSpec& spec : info.options) {
    const std::string fault = option_fault(spec);
    if (!fault.empty()) return "its option '" + spec.key.substr(0, 64) + "' " + fault;
    if (!seen.insert(spec.key).second) return "its option '" + spec.key + "' is there twice";
  }
  return {};
}

}  // namespace lynceus::host

#include "config/row.h"

#include <algorithm>
#include <stdexcept>

#include "pipeline/models/file_check.h"

namespace lynceus::config {
namespace {

Type type_of(sdk::OptionType type) {
  switch (type) {
    case sdk::OptionType::boolean:
      return Type::boolean;
    case sdk::OptionType::integer:
      return Type::integer;
    case sdk::OptionType::number:
      return Type::number;
    case sdk::OptionType::duration:
      return Type::duration;
    case sdk::OptionType::text:
      return Type::text;
    case sdk::OptionType::choice:
      return Type::choice;
    case sdk::OptionType::numbers:
      return Type::numbers;
    case sdk::OptionType::points:
      return Type::points;
    case sdk::OptionType::polygons:
      return Type::polygons;
    case sdk::OptionType::file:
      return Type::file;
  }
  throw std::logic_error("an option type that nobody reads");
}

Value to_value(const sdk::OptionValue& value) {
  return std::visit([](const auto& v) { return Value{v}; }, value);
}

}  // namespace

const Row* find_row(const std::vector<Row>& rows, std::string_view key) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.key == key; });
  return found == rows.end() ? nullptr : &*found;
}

std::size_t choice_index(const Row& row, const std::string& name) {
  const auto found = std::find(row.choices.begin(), row.choices.end(), name);
  return static_cast<std::size_t>(found - row.choices.begin());
}

std::vector<Row> plugin_rows(const std::vector<sdk::OptionSpec>& options, bool per_zone_only) {
  std::vector<Row> rows;
  for (const sdk::OptionSpec& spec : options) {
    if (per_zone_only && !spec.per_zone) continue;
    Row out = row(spec.key, type_of(spec.type), spec.help).between(spec.least, spec.greatest).from(spec.choices);
    out.count = spec.count;
    out.unit = spec.type == sdk::OptionType::polygons || (spec.least < -1e299 && spec.greatest > 1e299);
    // Plugins open no file by themselves: a network that is not there would be found by the first frame only.
    if (out.type == Type::file) out.checked([](const std::string& path) { return models::network_problem(path); });
    if (spec.fallback) out.fallback = to_value(*spec.fallback);
    rows.push_back(std::move(out));
  }
  return rows;
}

sdk::OptionValue to_option(const Value& value) {
  return std::visit(
      [](const auto& v) -> sdk::OptionValue {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::vector<std::string>>) {
          throw std::logic_error("no plugin option is a list of texts");
        } else {
          return v;
        }
      },
      value);
}

}  // namespace lynceus::config

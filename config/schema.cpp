// JSON Schema (draft 2020-12) out of the tables: for editors and for checks before the file reaches the machine.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/tables.h"
#include "config/values.h"

namespace lynceus::config {
namespace {

using Json = nlohmann::ordered_json;

Json section_schema(const std::vector<Row>& rows, const Catalogue& plugins);

/// Scalars may hold ${env:…} and the like, so every number may also be a text with one.
constexpr const char* kSubstitution = "\\$\\{(env|file|credential):";

void add_range(Json& json, const Row& row) {
  if (row.least > -1e299) json["minimum"] = row.least;
  if (row.greatest < 1e299) json["maximum"] = row.greatest;
}

Json number_schema(const Row& row, const char* type) {
  Json out{{"type", Json::array({type, "string"})}, {"pattern", kSubstitution}};
  add_range(out, row);
  return out;
}

Json text_schema(const char* pattern) { return {{"type", "string"}, {"pattern", pattern}}; }

Json list_of(Json items, std::size_t least, std::size_t most) {
  Json out{{"type", "array"}, {"items", std::move(items)}};
  if (least > 0) out["minItems"] = least;
  if (most > 0) out["maxItems"] = most;
  return out;
}

Json point_schema(const Row& row) {
  Json coordinate{{"type", "number"}};
  if (row.unit) coordinate.update({{"minimum", 0}, {"maximum", 1}});
  return list_of(std::move(coordinate), 2, 2);
}

/// A choice that looks like a number is one to a reader of YAML when it stands without quotes.
Json choice_schema(const Row& row) {
  Json names = row.choices;
  for (const std::string& choice : row.choices) {
    const Json number = Json::parse(choice, nullptr, false);
    if (number.is_number()) names.push_back(number);
  }
  return {{"anyOf", Json::array({Json{{"enum", std::move(names)}}, text_schema(kSubstitution)})}};
}

Json numbers_schema(const Row& row) {
  Json number{{"type", "number"}};
  add_range(number, row);
  const auto count = static_cast<std::size_t>(row.count);
  return list_of(std::move(number), count, count);
}

Json map_schema(Json values) {
  return {{"type", Json::array({"object", "null"})}, {"additionalProperties", std::move(values)}};
}

/// Dotted keys also nested: {"scale.low": …} and {"scale": {"low": …}}.
void add_nested(Json& properties, const std::string& key, const Json& schema) {
  properties[key] = schema;
  const std::size_t dot = key.find('.');
  if (dot == std::string::npos) return;
  Json& parent = properties[key.substr(0, dot)];
  if (parent.is_null()) parent = {{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
  if (parent.contains("properties")) add_nested(parent["properties"], key.substr(dot + 1), schema);
}

Json options_schema(const std::vector<Row>& rows) {
  Json properties = Json::object();
  for (const Row& row : rows) add_nested(properties, row.key, section_schema({row}, {})["properties"][row.key]);
  return {{"type", Json::array({"object", "null"})},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

Json analyzers_schema(const Row& row, const Catalogue& plugins) {
  Json properties = Json::object();
  for (const sdk::PluginInfo* plugin : plugins) {
    std::vector<Row> rows = row.rows;
    for (Row& option : plugin_rows(plugin->options)) rows.push_back(std::move(option));
    Json options = options_schema(rows);
    options["type"] = Json::array({"object", "boolean", "null"});
    options["description"] = plugin->summary;
    properties[plugin->name] = std::move(options);
  }
  return {{"type", Json::array({"object", "null"})},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

Json zone_options_schema(const Catalogue& plugins) {
  Json properties = Json::object();
  for (const sdk::PluginInfo* plugin : plugins)
    properties[plugin->name] = options_schema(plugin_rows(plugin->options, true));
  return {{"type", Json::array({"object", "null"})},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

Json bare_schema(const Row& row, const Catalogue& plugins) {
  switch (row.type) {
    case Type::boolean:
      return number_schema(row, "boolean");
    case Type::integer:
      return number_schema(row, "integer");
    case Type::number:
      return number_schema(row, "number");
    case Type::duration:
      return text_schema("^-?[0-9.]+(ms|s|m|h|d)$|\\$\\{");
    case Type::size:
      return {{"type", Json::array({"integer", "string"})}, {"pattern", "^[0-9.]+([KMGT]iB|[kMGT]B)$|\\$\\{"}};
    case Type::choice:
      return choice_schema(row);
    case Type::cadence:
      return text_schema("^(every_frame|on_motion|[0-9.]+(ms|s|m|h))$|\\$\\{");
    case Type::clock:
      return text_schema("^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$|\\$\\{");
    case Type::numbers:
      return numbers_schema(row);
    case Type::point:
      return point_schema(row);
    case Type::points:
      return list_of(point_schema(row), static_cast<std::size_t>(row.count), static_cast<std::size_t>(row.count));
    case Type::polygon:
      return list_of(point_schema(row), 3, 0);
    case Type::polygons:
      return list_of(list_of(point_schema(row), 3, 0), 0, 0);
    case Type::texts:
      return list_of({{"type", "string"}}, 0, 0);
    case Type::days:
      return list_of(text_schema("^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$|\\$\\{"), 0, 0);
    case Type::web_url:
      return text_schema("^https?://|\\$\\{");
    case Type::section:
      return section_schema(row.rows, plugins);
    case Type::named:
      return map_schema(section_schema(row.rows, plugins));
    case Type::list:
      return list_of(section_schema(row.rows, plugins), 0, 0);
    case Type::analyzers:
      return analyzers_schema(row, plugins);
    case Type::plugin_options:
      return zone_options_schema(plugins);
    default:
      return {{"type", "string"}};
  }
}

void add_default(Json& json, const Row& row) {
  if (row.fallback) json["default"] = yaml_text(row, *row.fallback);
  if (!row.show || !row.unset.empty() || row.required) return;
  Defaults defaults;
  const auto value = row.show(defaults.target());
  if (!value) return;
  const std::string text = yaml_text(row, *value);
  const Json parsed = Json::parse(text, nullptr, false);
  if (!text.empty()) json["default"] = parsed.is_discarded() ? Json(text) : parsed;
}

Json section_schema(const std::vector<Row>& rows, const Catalogue& plugins) {
  Json properties = Json::object(), required = Json::array();
  for (const Row& row : rows) {
    Json one = bare_schema(row, plugins);
    if (!row.help.empty()) one["description"] = row.help;
    add_default(one, row);
    properties[row.key] = std::move(one);
    if (row.required) required.push_back(row.key);
  }
  Json out{{"type", Json::array({"object", "null"})},
           {"additionalProperties", false},
           {"properties", std::move(properties)}};
  if (!required.empty()) {
    out["required"] = std::move(required);
    out["type"] = "object";
  }
  return out;
}

}  // namespace

std::string schema(const Catalogue& plugins) {
  Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Lynceus configuration"}};
  out.update(section_schema(root_table().rows, plugins));
  return out.dump(2) + "\n";
}

}  // namespace lynceus::config

// One row says everything about one key: name, type, bounds, meaning, and where its value is stored.
//
// The same rows load the file, suggest the nearest key, print origins, and make the JSON Schema, the reference page and
// the full example; a plugin's options become rows too (plugin_rows). Defaults are those of the settings structs.
//
//   bind(row("port", Type::integer, "…").between(0, 65535), [](Target& t) -> auto& { return t.config->server.port; })
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "config/draft.h"
#include "plugins/sdk/options.h"

namespace lynceus::config {

enum class Type {
  boolean,
  integer,
  number,
  duration,
  text,
  choice,
  numbers,
  points,
  polygons,
  file,     // those of plugins
  texts,    ///< list of texts
  size,     ///< bytes: 1048576 or 2GiB
  address,  ///< IPv4 or IPv6
  url,      ///< of a camera
  web_url,  ///< http or https; what is behind the host may be a secret and is never shown
  timezone,
  cadence,  ///< every_frame, on_motion, 2s
  clock,    ///< HH:MM
  days,     ///< list of mon…sun and mon-fri
  point,    ///< [x, y]
  polygon,
  section,         ///< a map with the keys of `rows`
  named,           ///< a map from names to `rows`
  list,            ///< a list of `rows`
  analyzers,       ///< a map from plugins to true, false, or `when` and the plugin's options
  plugin_options,  ///< a map from plugins to options that a zone may override
};

using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<double>, sdk::Polygon,
                           std::vector<sdk::Polygon>, std::vector<std::string>>;

struct Row {
  std::string key;
  Type type;
  std::string help;
  double least = -1e300, greatest = 1e300;
  std::vector<std::string> choices{};
  int count = 0;             ///< of numbers and points, when not 0
  bool unit = true;          ///< coordinates are 0..1
  std::string unset{};       ///< what holds when nothing is given, in words
  std::string example{};     ///< YAML, for the reference and the full example
  std::string instead_of{};  ///< the key of the same section that this one excludes
  bool required = false;
  bool shared = false;              ///< read once for every camera, not by itself
  bool secret = false;              ///< never shown, and masked wherever it might be
  std::vector<Row> rows{};          ///< section, named, list
  std::optional<Value> fallback{};  ///< of a plugin's option

  std::function<void(Target&, const Value&)> store{};
  std::function<std::optional<Value>(Target&)> show{};
  /// named, list: a new entry; the Target returned is what its rows store into.
  std::function<Target(Target&, const std::string& name, const Node&)> enter{};
  std::function<void(Target&, const Node&)> keep{};  ///< called with the node of a key that is given, right or wrong
  std::function<std::string(const std::string& name)> name_problem{};  ///< named: what is wrong with a name, or empty
  std::function<std::string(const std::string& text)> text_problem{};  ///< text, texts: what is wrong, not quoting it

  Row& between(double low, double high) {
    least = low, greatest = high;
    return *this;
  }
  Row& from(std::vector<std::string> names) {
    choices = std::move(names);
    return *this;
  }
  Row& otherwise(std::string words) {
    unset = std::move(words);
    return *this;
  }
  Row& such_as(std::string yaml) {
    example = std::move(yaml);
    return *this;
  }
  Row& excludes(std::string other) {
    instead_of = std::move(other);
    return *this;
  }
  Row& noted(std::function<void(Target&, const Node&)> function) {
    keep = std::move(function);
    return *this;
  }
  Row& must() {
    required = true;
    return *this;
  }
  Row& hidden() {
    secret = true;
    return *this;
  }
  Row& checked(std::function<std::string(const std::string&)> function) {
    text_problem = std::move(function);
    return *this;
  }
};

inline Row row(std::string key, Type type, std::string help) {
  return Row{.key = std::move(key), .type = type, .help = std::move(help)};
}

/// Null when there is none.
const Row* find_row(const std::vector<Row>& rows, std::string_view key);

/// The position of a choice; the loader has checked it.
std::size_t choice_index(const Row& row, const std::string& name);

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// A member's value as a Value, nothing for "not given".
template <class T>
std::optional<Value> to_value(const Row& row, const T& member) {
  if constexpr (std::is_same_v<T, bool>) {
    if (row.type == Type::choice) return Value{row.choices[member ? 0 : 1]};
    return Value{member};
  } else if constexpr (is_optional<T>) {
    if (!member) return {};
    return to_value(row, *member);
  } else if constexpr (std::is_enum_v<T>) {
    return Value{row.choices[static_cast<std::size_t>(member)]};
  } else if constexpr (is_duration<T>) {
    if (row.type == Type::integer || row.type == Type::clock) return Value{std::int64_t{member.count()}};
    return Value{std::chrono::duration<double>(member).count()};
  } else if constexpr (std::is_same_v<T, cv::Point2d>) {
    return Value{sdk::Polygon{member}};
  } else if constexpr (std::is_integral_v<T>) {
    return Value{static_cast<std::int64_t>(member)};
  } else {
    return Value{member};
  }
}

/// Stores a value that was checked against the row.
template <class T>
void from_value(const Row& row, const Value& value, T& member) {
  if constexpr (std::is_same_v<T, bool>) {
    member = row.type == Type::choice ? std::get<std::string>(value) == row.choices[0] : std::get<bool>(value);
  } else if constexpr (is_optional<T>) {
    from_value(row, value, member.emplace());
  } else if constexpr (std::is_enum_v<T>) {
    member = static_cast<T>(choice_index(row, std::get<std::string>(value)));
  } else if constexpr (is_duration<T>) {
    member = row.type == Type::integer || row.type == Type::clock
                 ? T(std::get<std::int64_t>(value))
                 : std::chrono::duration_cast<T>(std::chrono::duration<double>(std::get<double>(value)));
  } else if constexpr (std::is_same_v<T, cv::Point2d>) {
    member = std::get<sdk::Polygon>(value).at(0);
  } else if constexpr (std::is_integral_v<T>) {
    member = static_cast<T>(std::get<std::int64_t>(value));
  } else {
    member = std::get<T>(value);
  }
}

/// Ties a row to a member: its default is shown, its value stored.
template <class Get>
Row bind(Row row, Get get) {
  row.store = [row, get](Target& target, const Value& value) { from_value(row, value, get(target)); };
  row.show = [row, get](Target& target) { return to_value(row, get(target)); };
  return row;
}

/// A plugin's options as rows; only those a zone may override if asked so.
std::vector<Row> plugin_rows(const std::vector<sdk::OptionSpec>& options, bool per_zone_only = false);
sdk::OptionValue to_option(const Value& value);

}  // namespace lynceus::config

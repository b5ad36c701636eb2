#include "config/values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "config/scalars.h"
#include "config/shapes.h"
#include "config/url.h"
#include "pipeline/camera/camera_settings.h"

namespace lynceus::config {
namespace {

/// One scalar on its way to a value: `text` after substitution, `label` as it may be shown.
struct Scalar {
  std::string text;
  std::string label;
  bool plain = true;  ///< not quoted, or put in by a substitution
  bool secret = false;
};

/// What is wrong, to be said of the value.
using Outcome = std::variant<Value, std::string>;

std::string expected(const Row& row) { return "accepted: " + expectation(row); }

std::optional<Scalar> read_scalar(const Row& row, const Node& node, const Reading& reading) {
  if (node.kind != Node::Kind::scalar) {
    const std::string what = node.empty() ? "has no value" : std::string("is ") + node.kind_name();
    reading.problems.add(node.place, what + "; " + expected(row));
    return {};
  }
  const auto text = expand(node.text, node.place, reading.sources, reading.problems);
  if (!text) return {};
  if (row.secret) log::add_secret(text->text);
  const std::string label = text->secret ? node.text : row.secret ? "***" : text->text;
  return Scalar{text->text, label, !node.quoted || text->secret, text->secret || row.secret};
}

Outcome in_range(const Row& row, const Scalar& scalar, double number, Value value) {
  if (number >= row.least && number <= row.greatest) return value;
  return shown(scalar.label) + " is out of range; " + expected(row);
}

Outcome misfit(const Row& row, const Scalar& scalar, const char* what) {
  return shown(scalar.label) + " is " + what + "; " + expected(row);
}

Outcome read_boolean(const Row& row, const Scalar& scalar) {
  if (scalar.plain && scalar.text == "true") return Value{true};
  if (scalar.plain && scalar.text == "false") return Value{false};
  return misfit(row, scalar, "no truth value");
}

Outcome read_integer(const Row& row, const Scalar& scalar) {
  const auto value = scalar.plain ? parse_integer(scalar.text) : std::nullopt;
  if (!value) return misfit(row, scalar, "no whole number");
  return in_range(row, scalar, static_cast<double>(*value), *value);
}

Outcome read_number(const Row& row, const Scalar& scalar) {
  const auto value = scalar.plain ? parse_number(scalar.text) : std::nullopt;
  if (!value) return misfit(row, scalar, "no number");
  return in_range(row, scalar, *value, *value);
}

Outcome read_duration(const Row& row, const Scalar& scalar) {
  const auto value = parse_duration(scalar.text);
  if (!value) return misfit(row, scalar, "no duration");
  return in_range(row, scalar, *value, *value);
}

Outcome read_size(const Row& row, const Scalar& scalar) {
  const auto value = parse_size(scalar.text);
  if (!value) return misfit(row, scalar, "no size");
  return in_range(row, scalar, static_cast<double>(*value), *value);
}

Outcome read_choice(const Row& row, const Scalar& scalar) {
  if (std::find(row.choices.begin(), row.choices.end(), scalar.text) != row.choices.end()) return Value{scalar.text};
  return "unknown value " + shown(scalar.label) + accepted(scalar.secret ? "" : scalar.text, row.choices);
}

Outcome read_clock(const Row& row, const Scalar& scalar) {
  if (const auto minutes = parse_clock(scalar.text)) return Value{std::int64_t{*minutes}};
  return misfit(row, scalar, "no time of day");
}

Outcome read_cadence(const Row& row, const Scalar& scalar) {
  if (camera::parse_cadence(scalar.text)) return Value{scalar.text};
  return misfit(row, scalar, "no cadence");
}

Outcome read_address(const Row& row, const Scalar& scalar) {
  std::array<unsigned char, sizeof(in6_addr)> binary{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, scalar.text.c_str(), binary.data()) == 1) return Value{scalar.text};
  }
  return misfit(row, scalar, "no IP address");
}

Outcome read_timezone(const Row& row, const Scalar& scalar) {
  static const std::filesystem::path zones = "/usr/share/zoneinfo";
  std::error_code error;
  const bool safe = scalar.text.find("..") == std::string::npos && !scalar.text.starts_with('/');
  if (scalar.text.empty()) return Value{scalar.text};
  if (!safe) return misfit(row, scalar, "no time zone");
  // Without the zone files nobody can tell; the C library then takes UTC.
  if (std::filesystem::exists(zones / "UTC", error) && !std::filesystem::is_regular_file(zones / scalar.text, error)) {
    return misfit(row, scalar, "no time zone of this system");
  }
  return Value{scalar.text};
}

Outcome read_text(const Row& row, const Scalar& scalar) {
  const auto length = static_cast<double>(scalar.text.size());
  if (length > std::min(row.greatest, 4096.0)) return "is too long; " + expected(row);
  if (length < row.least) return "is empty; " + expected(row);
  const std::string why = row.text_problem ? row.text_problem(scalar.text) : "";
  if (!why.empty()) return why;
  return Value{scalar.text};
}

Outcome read_web_url(const Scalar& scalar) {
  const std::string why = check_web_url(scalar.text);
  if (!why.empty()) return why;
  return Value{scalar.text};
}

Outcome read_url(const Scalar& scalar, const std::string& folder) {
  const std::string why = check_url(scalar.text);
  if (!why.empty()) return why;
  return Value{resolve(scalar.text, folder)};
}

Outcome read_file(const Row& row, const Scalar& scalar, const std::string& folder) {
  const std::string path = resolve(scalar.text, folder);
  const std::string why = row.text_problem ? row.text_problem(path) : "";
  if (!why.empty()) return "the file " + (scalar.secret ? "" : shown(path) + " ") + why;
  return Value{path};
}

Outcome convert(const Row& row, const Scalar& scalar, const std::string& folder) {
  switch (row.type) {
    case Type::boolean:
      return read_boolean(row, scalar);
    case Type::integer:
      return read_integer(row, scalar);
    case Type::number:
      return read_number(row, scalar);
    case Type::duration:
      return read_duration(row, scalar);
    case Type::size:
      return read_size(row, scalar);
    case Type::choice:
      return read_choice(row, scalar);
    case Type::clock:
      return read_clock(row, scalar);
    case Type::cadence:
      return read_cadence(row, scalar);
    case Type::address:
      return read_address(row, scalar);
    case Type::timezone:
      return read_timezone(row, scalar);
    case Type::url:
      return read_url(scalar, folder);
    case Type::web_url:
      return read_web_url(scalar);
    case Type::file:
      return read_file(row, scalar, folder);
    default:
      return read_text(row, scalar);
  }
}

/// "${file:x}" and nothing else: shown, it says where the secret is.
bool one_substitution(const std::string& text) { return text.starts_with("${") && text.find('}') == text.size() - 1; }

std::string shown_scalar(const Row& row, const Node& node, const Scalar& scalar, const Value& value) {
  const bool put_in = node.text.find("${") != std::string::npos;
  if (put_in && (row.secret || row.type == Type::web_url)) return one_substitution(node.text) ? node.text : "***";
  if (row.secret) return scalar.text.empty() ? "\"\"" : "***";
  if (row.type == Type::web_url) return shown_web_url(scalar.text);
  return scalar.secret ? log::redact(node.text) : log::redact(yaml_text(row, value));
}

/// A list in which something is put in is not shown at all.
bool substitutes(const Node& node) {
  return node.text.find("${") != std::string::npos || std::any_of(node.items.begin(), node.items.end(), substitutes);
}

}  // namespace

std::optional<Checked> read_value(const Row& row, const Node& node, const Reading& reading) {
  if (is_shape(row.type)) {
    const auto value = read_shape(row, node, reading);
    if (!value) return {};
    return Checked{*value, row.secret || substitutes(node) ? "***" : log::redact(yaml_text(row, *value))};
  }
  const auto scalar = read_scalar(row, node, reading);
  if (!scalar) return {};
  const Outcome outcome = convert(row, *scalar, reading.sources.folder);
  if (const auto* why = std::get_if<std::string>(&outcome)) {
    reading.problems.add(node.place, *why);
    return {};
  }
  const Value& value = std::get<Value>(outcome);
  return Checked{value, shown_scalar(row, node, *scalar, value)};
}

}  // namespace lynceus::config

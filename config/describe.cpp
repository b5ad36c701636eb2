// Rows and values in words: for messages, the reference page and the full example.
#include <cctype>
#include <cmath>

#include "config/scalars.h"
#include "config/values.h"

namespace lynceus::config {
namespace {

std::string number_of(const Row& row, double value) {
  if (row.type == Type::duration) return duration_text(value);
  if (row.type == Type::size) return size_text(static_cast<std::int64_t>(value));
  if (row.type == Type::integer && std::abs(value) < 1e15) return std::to_string(static_cast<std::int64_t>(value));
  return number_text(value);
}

std::string range(const Row& row) {
  const bool low = row.least > -1e299, high = row.greatest < 1e299;
  if (low && high) return " from " + number_of(row, row.least) + " to " + number_of(row, row.greatest);
  if (low) return " from " + number_of(row, row.least);
  if (high) return " up to " + number_of(row, row.greatest);
  return "";
}

std::string points(const Row& row) {
  const std::string many = row.count > 0 ? std::to_string(row.count) : row.type == Type::polygon ? "at least 3" : "";
  return (many.empty() ? "" : many + " ") + "points [x, y]" + (row.unit ? " from 0 to 1" : "");
}

std::string numbers(const Row& row) {
  return row.count > 0 ? std::to_string(row.count) + " numbers" + range(row) : "numbers" + range(row);
}

std::string text_words(const Row& row) {
  const std::string words = row.least >= 1 && row.least < 1e299 ? "a text that is not empty" : "a text";
  if (row.greatest > 1e299) return words;
  return words + ", at most " + number_text(row.greatest) + " characters";
}

/// A plain scalar that YAML readers of any version take for this text.
bool plain(const std::string& text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '.' && c != '/' && c != '-') return false;
  }
  return std::isalpha(static_cast<unsigned char>(text[0])) != 0 || text[0] == '/' ||
         (std::isdigit(static_cast<unsigned char>(text[0])) != 0 && !parse_number(text));
}

std::string quoted(const std::string& text) {
  if (plain(text)) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else out += c;
  }
  return out + "\"";
}

std::string point_text(const cv::Point2d& p) { return "[" + number_text(p.x) + ", " + number_text(p.y) + "]"; }

template <class List, class ToText>
std::string list_text(const List& list, ToText to_text) {
  std::string out;
  for (const auto& item : list) out += (out.empty() ? "" : ", ") + to_text(item);
  return "[" + out + "]";
}

/// What a Value looks like in YAML, by what it holds.
struct Writer {
  const Row& row;
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(std::int64_t v) const {
    if (row.type == Type::size) return size_text(v);
    if (row.type == Type::clock) return "\"" + clock_text(static_cast<int>(v)) + "\"";
    return std::to_string(v);
  }
  std::string operator()(double v) const { return row.type == Type::duration ? duration_text(v) : number_text(v); }
  std::string operator()(const std::string& v) const {
    return row.type == Type::url || row.type == Type::web_url ? v : quoted(v);
  }
  std::string operator()(const std::vector<double>& v) const { return list_text(v, number_text); }
  std::string operator()(const sdk::Polygon& v) const {
    return row.type == Type::point ? point_text(v.at(0)) : list_text(v, point_text);
  }
  std::string operator()(const std::vector<sdk::Polygon>& v) const {
    return list_text(v, [](const sdk::Polygon& p) { return list_text(p, point_text); });
  }
  std::string operator()(const std::vector<std::string>& v) const { return list_text(v, quoted); }
};

}  // namespace

std::string expectation(const Row& row) {
  switch (row.type) {
    case Type::boolean:
      return "true or false";
    case Type::integer:
      return "a whole number" + range(row);
    case Type::number:
      return "a number" + range(row);
    case Type::duration:
      return "a duration such as 500ms, 2s, 1m, 1h" + range(row);
    case Type::size:
      return "bytes, or a size such as 64MiB, 2GiB," + range(row);
    case Type::text:
      return text_words(row);
    case Type::choice:
      return joined(row.choices);
    case Type::numbers:
      return "a list of " + numbers(row);
    case Type::point:
      return "[x, y]" + std::string(row.unit ? " from 0 to 1" : "");
    case Type::points:
    case Type::polygon:
      return "a list of " + points(row);
    case Type::polygons:
      return "a list of polygons, each a list of at least 3 points [x, y] from 0 to 1";
    case Type::file:
      return "a path";
    case Type::texts:
      return "a list of texts";
    case Type::address:
      return "an IPv4 or IPv6 address";
    case Type::url:
      return "a URL (rtsp, rtsps, http, https, file, v4l2, sim) or a path";
    case Type::web_url:
      return "a URL (http or https)";
    case Type::timezone:
      return "a name such as Europe/Berlin; empty: the system's";
    case Type::cadence:
      return "every_frame, on_motion, or a period such as 2s";
    case Type::clock:
      return "HH:MM from 00:00 to 24:00, in quotes";
    case Type::days:
      return "a list of mon, tue, wed, thu, fri, sat, sun, or mon-fri";
    case Type::section:
    case Type::named:
      return "a map";
    case Type::list:
      return "a list of maps";
    case Type::analyzers:
      return "a map from plugins to true, false or options";
    case Type::plugin_options:
      return "a map from plugins to options";
  }
  return "";
}

std::string yaml_text(const Row& row, const Value& value) { return std::visit(Writer{row}, value); }

}  // namespace lynceus::config

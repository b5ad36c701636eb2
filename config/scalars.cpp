#include "config/scalars.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <system_error>
#include <utility>

namespace lynceus::config {
namespace {

using Unit = std::pair<std::string_view, double>;

bool digit(char c) { return c >= '0' && c <= '9'; }

/// 010 is 8 to one reader of YAML and 10 to another.
bool leading_zero(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && digit(text[1]);
}

/// The number and the unit behind it.
std::pair<std::string_view, std::string_view> split_unit(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (digit(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
  return {text.substr(0, end), text.substr(end)};
}

template <std::size_t N>
std::optional<double> with_unit(std::string_view text, const std::array<Unit, N>& units) {
  const auto [number, unit] = split_unit(text);
  const auto value = parse_number(number);
  if (!value) return {};
  for (const auto& [name, factor] : units) {
    if (unit == name) return *value * factor;
  }
  return {};
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (leading_zero(text)) return {};
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

std::optional<double> parse_number(std::string_view text) {
  if (leading_zero(text)) return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty() || !std::isfinite(value)) return {};
  return value;
}

std::optional<double> parse_duration(std::string_view text) {
  static constexpr std::array<Unit, 5> kUnits{{{"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}};
  const auto seconds = with_unit(text, kUnits);
  if (!seconds || std::abs(*seconds) > 1e9) return {};
  return seconds;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  static constexpr std::array<Unit, 9> kUnits{{{"", 1},
                                               {"KiB", 1024.0},
                                               {"MiB", 1048576.0},
                                               {"GiB", 1073741824.0},
                                               {"TiB", 1099511627776.0},
                                               {"kB", 1e3},
                                               {"MB", 1e6},
                                               {"GB", 1e9},
                                               {"TB", 1e12}}};
  const auto bytes = with_unit(text, kUnits);
  if (!bytes || std::abs(*bytes) > 1e18 || *bytes != std::floor(*bytes)) return {};
  return static_cast<std::int64_t>(*bytes);
}

std::optional<int> parse_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return {};
  for (const std::size_t i : {0u, 1u, 3u, 4u}) {
    if (!digit(text[i])) return {};
  }
  const int hours = (text[0] - '0') * 10 + (text[1] - '0'), minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (minutes > 59 || hours * 60 + minutes > 24 * 60) return {};
  return hours * 60 + minutes;
}

std::string number_text(double value) {
  std::array<char, 32> out{};
  const auto [end, error] = std::to_chars(out.data(), out.data() + out.size(), value);
  return error == std::errc{} ? std::string(out.data(), end) : std::string();
}

std::string duration_text(double seconds) {
  const double ms = std::round(seconds * 1000);
  if (ms == 0) return "0s";
  if (std::fmod(ms, 86400000) == 0 && std::abs(ms) >= 2 * 86400000) return number_text(ms / 86400000) + "d";
  if (std::fmod(ms, 3600000) == 0) return number_text(ms / 3600000) + "h";
  if (std::fmod(ms, 60000) == 0) return number_text(ms / 60000) + "m";
  if (std::fmod(ms, 1000) == 0) return number_text(ms / 1000) + "s";
  return number_text(ms) + "ms";
}

std::string size_text(std::int64_t bytes) {
  static constexpr std::array<std::pair<std::int64_t, const char*>, 4> kUnits{{{std::int64_t{1} << 40, "TiB"},
                                                                               {std::int64_t{1} << 30, "GiB"},
                                                                               {std::int64_t{1} << 20, "MiB"},
                                                                               {std::int64_t{1} << 10, "KiB"}}};
  for (const auto& [factor, unit] : kUnits) {
    if (bytes >= factor && bytes % factor == 0) return std::to_string(bytes / factor) + unit;
  }
  return std::to_string(bytes);
}

std::string clock_text(int minutes) {
  std::array<char, 24> out{};
  std::snprintf(out.data(), out.size(), "%02d:%02d", minutes / 60, minutes % 60);
  return out.data();
}

}  // namespace lynceus::config

#include "base/timestamp.h"

#include <chrono>
#include <cstddef>

#include "base/ascii.h"

namespace lynceus {
namespace {

using namespace std::chrono;

/// Takes `digits` digits and the mark behind them; nothing when they are not there.
std::optional<int> take(std::string_view& text, std::size_t digits, std::string_view marks = {}) {
  const std::string_view part = text.substr(0, digits);
  if (part.size() != digits || !ascii::digits(part)) return std::nullopt;
  int value = 0;
  for (const char c : part) value = value * 10 + (c - '0');
  text.remove_prefix(digits);
  if (marks.empty()) return value;
  if (text.empty() || marks.find(text.front()) == marks.npos) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

/// ".789" to milliseconds; 0 where there is none.
milliseconds take_fraction(std::string_view& text) {
  if (text.empty() || text.front() != '.') return milliseconds{0};
  text.remove_prefix(1);
  milliseconds sum{0};
  int unit = 100;
  while (!text.empty() && ascii::is_digit(text.front())) {
    sum += milliseconds{(text.front() - '0') * unit};
    unit /= 10;
    text.remove_prefix(1);
  }
  return sum;
}

/// Nanoseconds in 64 bits reach from 1677 to 2262.
bool representable(int year) { return year >= 1678 && year <= 2261; }

std::optional<minutes> take_offset(std::string_view text) {
  if (text == "Z" || text == "z") return minutes{0};
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hour = take(text, 2, ":");
  const auto minute = hour ? take(text, 2) : std::nullopt;
  if (!minute || !text.empty() || *hour > 23 || *minute > 59) return std::nullopt;
  return minutes{sign * (*hour * 60 + *minute)};
}

}  // namespace

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  const auto y = take(text, 4, "-");
  const auto m = y ? take(text, 2, "-") : std::nullopt;
  const auto d = m ? take(text, 2, "Tt ") : std::nullopt;
  const auto hour = d ? take(text, 2, ":") : std::nullopt;
  const auto minute = hour ? take(text, 2, ":") : std::nullopt;
  const auto second = minute ? take(text, 2) : std::nullopt;
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const milliseconds fraction = take_fraction(text);
  const auto offset = take_offset(text);
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!offset || !date.ok() || !representable(*y)) return std::nullopt;
  return time_point_cast<WallTime::duration>(sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*second} +
                                             fraction - *offset);
}

}  // namespace lynceus

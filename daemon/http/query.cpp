#include "daemon/http/query.h"

#include <charconv>
#include <chrono>
#include <string_view>

#include "daemon/http/problem.h"

namespace lynceus::daemon::http {
namespace {

using namespace std::chrono;

[[noreturn]] void wrong(const char* key, const std::string& wanted) {
  throw Refusal(400, std::string(key) + ": " + wanted);
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || last != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Takes `digits` digits and the mark behind them; nothing when they are not there.
std::optional<int> take(std::string_view& text, std::size_t digits, std::string_view marks = {}) {
  const std::string_view part = text.substr(0, digits);
  const auto value =
      part.size() == digits && part.find_first_not_of("0123456789") == part.npos ? number<int>(part) : std::nullopt;
  if (!value) return std::nullopt;
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
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    sum += milliseconds{(text.front() - '0') * unit};
    unit /= 10;
    text.remove_prefix(1);
  }
  return sum;
}

std::optional<minutes> take_offset(std::string_view text) {
  if (text == "Z" || text == "z") return minutes{0};
  if (text.empty() || (text.front() != '+' && text.front() != '-' && text.front() != ' ')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;  // an unescaped plus of a query is a blank by now
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
  if (!offset || !date.ok()) return std::nullopt;
  return time_point_cast<WallTime::duration>(sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*second} +
                                             fraction - *offset);
}

std::string text_of(const Fields& query, const char* key) {
  const auto found = query.find(std::string_view(key));
  return found == query.end() ? std::string{} : found->second;
}

long whole_of(const Fields& query, const char* key, long otherwise, long least, long greatest) {
  const auto found = query.find(std::string_view(key));
  if (found == query.end()) return otherwise;
  const auto value = number<long>(found->second);
  if (!value || *value < least || *value > greatest) {
    wrong(key, "a whole number from " + std::to_string(least) + " to " + std::to_string(greatest));
  }
  return *value;
}

std::optional<WallTime> time_of(const Fields& query, const char* key) {
  const auto found = query.find(std::string_view(key));
  if (found == query.end()) return std::nullopt;
  if (const auto seconds_since = number<long>(found->second);
      seconds_since && *seconds_since < 100'000'000'000L && *seconds_since >= 0) {
    return WallTime(seconds{*seconds_since});
  }
  const auto time = parse_rfc3339(found->second);
  if (!time) wrong(key, "a time such as 2026-03-01T12:34:56Z");
  return time;
}

std::optional<std::size_t> choice_of(const Fields& query, const char* key, std::initializer_list<const char*> words) {
  const auto found = query.find(std::string_view(key));
  if (found == query.end()) return std::nullopt;
  std::string all;
  std::size_t at = 0;
  for (const char* word : words) {
    if (found->second == word) return at;
    ++at;
    all += (all.empty() ? "" : ", ") + std::string(word);
  }
  wrong(key, "one of " + all);
}

}  // namespace lynceus::daemon::http

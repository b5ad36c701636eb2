#include "daemon/api/query.h"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "base/timestamp.h"
#include "daemon/api/problem.h"

namespace lynceus::daemon::http {
namespace {

using namespace std::chrono;

constexpr std::size_t kBehindSeconds = sizeof("2026-03-01T12:34:56") - 1;

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

}  // namespace

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
  std::string text = found->second;
  // An unescaped plus of a query is a blank by now.
  if (const auto blank = text.find(' ', kBehindSeconds); blank != std::string::npos) text[blank] = '+';
  const auto time = parse_rfc3339(text);
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

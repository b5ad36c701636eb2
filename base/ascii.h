// Letters and digits of ASCII, whatever the locale: host names, schemes, headers and file endings are made of them.
// Thread: pure functions.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace lynceus::ascii {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

/// False for an empty text.
inline bool digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

/// 0..15; -1 for what is no hexadecimal digit.
constexpr int hex(char c) {
  if (is_digit(c)) return c - '0';
  const char low = lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

}  // namespace lynceus::ascii

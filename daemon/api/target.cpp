#include <cstddef>

#include "base/ascii.h"
#include "daemon/api/message.h"

namespace lynceus::daemon::http {
namespace {

constexpr std::size_t kLongest = 2048;

/// Nothing for a broken escape or a control character, escaped or not.
std::optional<std::string> decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = ascii::hex(text[i + 1]);
      const int low = ascii::hex(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    out += c;
  }
  return out;
}

std::string_view cut(std::string_view& rest, char at) {
  const auto end = rest.find(at);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

bool parse_query(std::string_view text, Fields& query) {
  while (!text.empty()) {
    std::string_view pair = cut(text, '&');
    if (pair.empty()) continue;
    const auto key = decode(cut(pair, '='), true);
    const auto value = decode(pair, true);
    if (!key || !value || !query.emplace(*key, *value).second) return false;
  }
  return true;
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/' || target.size() > kLongest) return std::nullopt;
  const auto mark = target.find('?');
  std::string_view path = target.substr(1, mark == std::string_view::npos ? mark : mark - 1);
  Target parsed;
  while (!path.empty()) {
    auto segment = decode(cut(path, '/'), false);
    if (!segment) return std::nullopt;
    parsed.segments.push_back(std::move(*segment));
  }
  if (mark != std::string_view::npos && !parse_query(target.substr(mark + 1), parsed.query)) return std::nullopt;
  return parsed;
}

}  // namespace lynceus::daemon::http

#include "daemon/metrics/series.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace lynceus::daemon {
namespace {

constexpr std::size_t kMostBytes = 128;

bool continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

/// Bytes of the UTF-8 character at `at`; 0 when it is none (overlong forms and surrogates included).
std::size_t character(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continuation(text, at + i)) return 0;
  }
  if (length < 3) return length;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool outside = (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90);
  return overlong || outside ? 0 : length;
}

}  // namespace

std::string label_value(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size() && out.size() < kMostBytes;) {
    const std::size_t length = character(text, at);
    if (length == 0) {
      out += '?';
      ++at;
    } else {
      if (out.size() + length > kMostBytes) break;
      out += text.substr(at, length);
      at += length;
    }
  }
  return out;
}

bool good_label_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.starts_with("__")) return false;
  if (std::isdigit(static_cast<unsigned char>(name.front()))) return false;
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '_'); });
}

prometheus::Histogram::BucketBoundaries duration_buckets() {
  prometheus::Histogram::BucketBoundaries bounds;
  for (double bound = 0.0005; bound < 10; bound *= 2) bounds.push_back(bound);
  bounds.push_back(10);
  return bounds;
}

}  // namespace lynceus::daemon

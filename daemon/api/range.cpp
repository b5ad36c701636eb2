#include "daemon/api/range.h"

#include <algorithm>
#include <charconv>

namespace lynceus::daemon::http {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || last != text.data() + text.size()) return std::nullopt;
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

Ranged part(std::uint64_t first, std::uint64_t last) { return {RangeKind::part, {first, last}}; }

}  // namespace

Ranged parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return {};
  header.remove_prefix(kUnit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view from = header.substr(0, dash), to = header.substr(dash + 1);
  if (from.empty()) {  // the last so many
    const auto count = number(to);
    if (!count) return {};
    if (*count == 0 || size == 0) return {RangeKind::outside, {}};
    return part(size - std::min(*count, size), size - 1);
  }
  const auto first = number(from);
  const auto last = to.empty() ? std::optional(UINT64_MAX) : number(to);
  if (!first || !last || *last < *first) return {};
  if (*first >= size) return {RangeKind::outside, {}};
  return part(*first, std::min(*last, size - 1));
}

}  // namespace lynceus::daemon::http

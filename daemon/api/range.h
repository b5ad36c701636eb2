// The Range header of RFC 9110, as far as players use it: one range of bytes. Thread: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lynceus::daemon::http {

struct ByteRange {
  std::uint64_t first = 0, last = 0;  ///< both included
  std::uint64_t size() const { return last - first + 1; }
};

enum class RangeKind { whole, part, outside };
struct Ranged {
  RangeKind kind = RangeKind::whole;
  ByteRange range;  ///< of `part`
};

/// What to send of `size` bytes. No header, another unit, several ranges, nonsense: the whole, as the RFC allows.
Ranged parse_range(std::string_view header, std::uint64_t size);

}  // namespace lynceus::daemon::http

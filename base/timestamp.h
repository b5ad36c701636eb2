// The way back of rfc3339() (base/clock.h). Thread: a pure function.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace lynceus {

/// RFC 3339 of the years 1678 to 2261 with any offset and fraction, to the millisecond; nothing for any other text.
std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace lynceus

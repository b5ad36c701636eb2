// Values of a query, typed and bounded. Each throws Refusal (400) that names the key. Thread: pure functions.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "base/clock.h"
#include "daemon/api/message.h"

namespace lynceus::daemon::http {

/// Absent: empty.
std::string text_of(const Fields& query, const char* key);
long whole_of(const Fields& query, const char* key, long otherwise, long least, long greatest);
/// RFC 3339 with any offset and fraction, or seconds since 1970.
std::optional<WallTime> time_of(const Fields& query, const char* key);
/// The place of the value in `words`; absent: nothing.
std::optional<std::size_t> choice_of(const Fields& query, const char* key, std::initializer_list<const char*> words);

}  // namespace lynceus::daemon::http

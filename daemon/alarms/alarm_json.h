// An alarm as text and back: what the API shows is also what the database keeps.
// Thread: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "daemon/alarms/alarm.h"

namespace lynceus::daemon {

/// Nothing for a text that to_json() never writes.
std::optional<Alarm> alarm_from_json(const std::string& text);

std::int64_t to_ms(WallTime time);
WallTime from_ms(std::int64_t ms);

}  // namespace lynceus::daemon

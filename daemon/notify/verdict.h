// What a receiver's answer means for what was sent, and how long to wait before the next attempt.
// Thread: pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace lynceus::daemon::notify {

/// What came back from a receiver, or why nothing did.
struct Answer {
  enum class Reach {
    answered,     ///< a status came
    broken,       ///< the connection stood, no answer came over it
    unreachable,  ///< no connection, or nothing within the time: says nothing about what was sent
  } reach = Reach::unreachable;
  int status = 0;
  std::string retry_after;  ///< the header as it came
  std::string detail;       ///< in words, without secrets

  std::string line() const;  ///< "HTTP 503", or the detail
};

struct Verdict {
  enum class Kind {
    delivered,
    later,        ///< this one again
    slow_down,    ///< nothing at all before `wait`
    unreachable,  ///< nothing at all for a while
    refused,      ///< this one again, but not for ever
    gone,         ///< nothing ever again
  } kind = Kind::delivered;
  std::optional<std::chrono::milliseconds> wait;  ///< what the receiver asked for
  std::string why;
};

Verdict judge(const Answer& answer, WallTime now);

/// Seconds or an HTTP date, at most a day; nothing for any other text.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, WallTime now);

/// Before attempt number `attempts` + 1: 1 s doubling to 5 min, ±20 %; `random` in [0, 1).
std::chrono::milliseconds backoff(int attempts, double random);

}  // namespace lynceus::daemon::notify

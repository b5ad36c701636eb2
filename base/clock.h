// Time as a seam: production code asks a Clock, tests turn it by hand.
//
// Monotonic time orders and measures; wall time is only shown to people. A wait goes through the clock too,
// so that virtual time can end it. The system clock is `system_clock()`; the fake lives in tests/support.
// Thread: every member may be called from any thread.
//
//   if (!clock.wait_until(lock, changed, stop, clock.now() + 2s, [&] { return ready; })) return;  // stop or time is up
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>

namespace lynceus {

using MonoTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual MonoTime now() const = 0;
  virtual WallTime wall() const = 0;

  /// Waits until `ready()`, the deadline or a stop; returns ready(). `lock` guards what `ready` reads;
  /// `changed` is notified when it may have become true.
  virtual bool wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                          std::stop_token stop, MonoTime deadline, const std::function<bool()>& ready) = 0;

  /// Sleeps until the deadline; false when a stop came first.
  bool sleep_until(std::stop_token stop, MonoTime deadline);
};

/// The real clock, one for the process.
Clock& system_clock();

/// RFC 3339, UTC, milliseconds: 2026-03-01T12:34:56.789Z
std::string rfc3339(WallTime time);

}  // namespace lynceus

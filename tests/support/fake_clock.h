// Virtual time: stands still until a test turns it. Waits end when the time has come, never by themselves.
// Thread: any.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>

#include "base/clock.h"

namespace lynceus::test {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(WallTime start = WallTime{std::chrono::seconds{1'800'000'000}}) : start_(start) {}
  MonoTime now() const override;
  WallTime wall() const override;
  bool wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed, std::stop_token stop,
                  MonoTime deadline, const std::function<bool()>& ready) override;

  /// Turns time on and wakes whoever waits.
  void advance(std::chrono::nanoseconds by);
  /// How many threads wait for time just now.
  int waiting() const;

 private:
  const WallTime start_;
  mutable std::mutex mutex_;
  std::chrono::nanoseconds elapsed_{std::chrono::hours{1}};  // guarded by mutex_
  std::multiset<std::condition_variable_any*> waiting_;      // guarded by mutex_
};

}  // namespace lynceus::test

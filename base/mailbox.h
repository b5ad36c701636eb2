// One slot between a producer that must never wait and a consumer that wants the newest.
//
// put() replaces what has not been taken yet and says so, for the producer to count. take() waits for the next value,
// a deadline or a stop. Thread: any number of producers, one consumer.
//
//   if (box.put(std::move(frame))) ++dropped;
//   while (auto frame = box.take(clock, stop, clock.now() + 1s)) use(*frame);
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/clock.h"

namespace lynceus {

template <class T>
class Mailbox {
 public:
  /// True when an unread value was replaced.
  bool put(T value) {
    std::optional<T> old;  // destroyed after the lock is released: a frame's destructor may take a while
    {
      std::lock_guard lock(mutex_);
      old = std::exchange(slot_, std::move(value));
    }
    filled_.notify_one();
    return old.has_value();
  }

  /// The newest value, or nothing when the deadline or a stop came first.
  std::optional<T> take(Clock& clock, std::stop_token stop, MonoTime deadline) {
    std::unique_lock lock(mutex_);
    if (!clock.wait_until(lock, filled_, stop, deadline, [&] { return slot_.has_value(); })) return std::nullopt;
    return std::exchange(slot_, std::nullopt);
  }

  std::optional<T> try_take() {
    std::lock_guard lock(mutex_);
    return std::exchange(slot_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::optional<T> slot_;  // guarded by mutex_
};

}  // namespace lynceus

// A queue that never grows past its bound: push drops the oldest and says so, for the caller to count.
// Thread: any number of producers and consumers.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>

#include "base/clock.h"

namespace lynceus {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t bound) : bound_(bound) {}

  /// True when the oldest had to go.
  bool push(T value) {
    std::optional<T> oldest;
    {
      std::lock_guard lock(mutex_);
      if (items_.size() == bound_) {
        oldest = std::move(items_.front());
        items_.pop_front();
      }
      items_.push_back(std::move(value));
    }
    filled_.notify_one();
    return oldest.has_value();
  }

  /// False, and nothing taken, when it is full: for work that must not be lost.
  bool try_push(T& value) {
    {
      std::lock_guard lock(mutex_);
      if (items_.size() == bound_) return false;
      items_.push_back(std::move(value));
    }
    filled_.notify_one();
    return true;
  }

  std::optional<T> pop(Clock& clock, std::stop_token stop, MonoTime deadline) {
    std::unique_lock lock(mutex_);
    if (!clock.wait_until(lock, filled_, stop, deadline, [&] { return !items_.empty(); })) return std::nullopt;
    return take_front();
  }

  std::optional<T> try_pop() {
    std::lock_guard lock(mutex_);
    if (items_.empty()) return std::nullopt;
    return take_front();
  }

  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  T take_front() {
    T value = std::move(items_.front());
    items_.pop_front();
    return value;
  }

  const std::size_t bound_;
  mutable std::mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<T> items_;  // guarded by mutex_
};

}  // namespace lynceus

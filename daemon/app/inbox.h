// What the control thread is asked to do, one thing after the other: reloads, settings, the end.
//
// Bounded: what does not fit is refused at once, and so is what still waits when the end comes. Each task is either run
// or refused, once. Owner: App. Thread: any; next() the control thread.
//
//   inbox.post([&] { reload(); }, [&] { answer("busy"); });
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "base/clock.h"

namespace lynceus::daemon {

class Inbox {
 public:
  using Work = std::function<void()>;

  explicit Inbox(std::size_t bound = 32) : bound_(bound) {}
  ~Inbox() { stop(); }

  void post(Work run, Work refused = nullptr);
  /// Nothing more is run. Refuses what waits; the first call counts.
  void stop();
  /// Waits for the next task; nothing: the end.
  std::optional<Work> next(Clock& clock);

 private:
  struct Task {
    Work run, refused;
  };

  const std::size_t bound_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Task> tasks_;  // guarded by mutex_
  bool stopped_ = false;    // guarded by mutex_
};

}  // namespace lynceus::daemon

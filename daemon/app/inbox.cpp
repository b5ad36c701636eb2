#include "daemon/app/inbox.h"

#include <chrono>
#include <stop_token>
#include <utility>

namespace lynceus::daemon {

void Inbox::post(Work run, Work refused) {
  {
    std::lock_guard lock(mutex_);
    if (!stopped_ && tasks_.size() < bound_) {
      tasks_.push_back({std::move(run), std::move(refused)});
      changed_.notify_one();
      return;
    }
  }
  if (refused) refused();
}

void Inbox::stop() {
  std::deque<Task> left;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    left.swap(tasks_);
    changed_.notify_one();
  }
  for (const Task& task : left) {
    if (task.refused) task.refused();
  }
}

std::optional<Inbox::Work> Inbox::next(Clock& clock) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return stopped_ || !tasks_.empty(); };
  while (!clock.wait_until(lock, changed_, std::stop_token{}, clock.now() + std::chrono::hours{1}, ready)) {
  }
  if (stopped_) return std::nullopt;
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  return std::move(task.run);
}

}  // namespace lynceus::daemon

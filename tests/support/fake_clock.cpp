#include "tests/support/fake_clock.h"

#include <vector>

namespace lynceus::test {

MonoTime FakeClock::now() const {
  std::lock_guard lock(mutex_);
  return MonoTime{std::chrono::duration_cast<MonoTime::duration>(elapsed_)};
}

WallTime FakeClock::wall() const {
  std::lock_guard lock(mutex_);
  return start_ + std::chrono::duration_cast<WallTime::duration>(elapsed_);
}

bool FakeClock::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                           std::stop_token stop, MonoTime deadline, const std::function<bool()>& ready) {
  {
    std::lock_guard own(mutex_);
    waiting_.insert(&changed);
  }
  // A short real wait closes the gap between looking at the time and sleeping; it decides nothing.
  while (!ready() && !stop.stop_requested() && now() < deadline) {
    changed.wait_for(lock, stop, std::chrono::milliseconds{2}, [&] { return ready() || now() >= deadline; });
  }
  std::lock_guard own(mutex_);
  waiting_.erase(waiting_.find(&changed));
  return ready();
}

void FakeClock::advance(std::chrono::nanoseconds by) {
  std::lock_guard lock(mutex_);
  elapsed_ += by;
  for (auto* condition : waiting_) condition->notify_all();
}

int FakeClock::waiting() const {
  std::lock_guard lock(mutex_);
  return static_cast<int>(waiting_.size());
}

}  // namespace lynceus::test

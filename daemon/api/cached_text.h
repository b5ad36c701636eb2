// A text that is costly to make and asked for often: made at most once in a while, for all who ask meanwhile.
// Thread: any.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace lynceus::daemon::http {

class CachedText {
 public:
  CachedText(Clock& clock, std::chrono::milliseconds good_for) : clock_(clock), good_for_(good_for) {}

  std::shared_ptr<const std::string> get(const std::function<std::string()>& make) {
    std::lock_guard lock(mutex_);
    const MonoTime now = clock_.now();
    if (!text_ || now - made_ >= good_for_) {
      text_ = std::make_shared<const std::string>(make());
      made_ = now;
    }
    return text_;
  }

 private:
  Clock& clock_;
  const std::chrono::milliseconds good_for_;
  std::mutex mutex_;
  std::shared_ptr<const std::string> text_;  // guarded by mutex_
  MonoTime made_{};                          // guarded by mutex_
};

}  // namespace lynceus::daemon::http

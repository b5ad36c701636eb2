// A listener that remembers. Thread: any.
#pragma once

#include <mutex>
#include <span>
#include <vector>

#include "daemon/alarms/alarm_desk.h"

namespace lynceus::test {

class Heard final : public daemon::AlarmListener {
 public:
  void on_changes(std::span<const daemon::AlarmChange> changes) override {
    std::lock_guard lock(mutex_);
    changes_.insert(changes_.end(), changes.begin(), changes.end());
  }
  std::vector<daemon::AlarmChange> changes() const {
    std::lock_guard lock(mutex_);
    return changes_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<daemon::AlarmChange> changes_;
};

inline daemon::AlarmDesk::Settings desk_settings(const std::string& folder) {
  daemon::AlarmDesk::Settings settings;
  settings.file = folder + "/alarms.db";
  settings.gather = std::chrono::milliseconds{1};
  settings.low_bytes = 0;
  return settings;
}

}  // namespace lynceus::test

#include "daemon/app/alarm_ears.h"

#include <exception>

#include "base/log.h"

namespace lynceus::daemon {

void AlarmEars::add(AlarmListener& listener) {
  std::lock_guard lock(mutex_);
  all_.push_back(&listener);
}

void AlarmEars::remove(AlarmListener& listener) {
  std::lock_guard lock(mutex_);
  std::erase(all_, &listener);
}

void AlarmEars::on_changes(std::span<const AlarmChange> changes) {
  std::lock_guard lock(mutex_);
  for (AlarmListener* listener : all_) {
    try {
      listener->on_changes(changes);
    } catch (const std::exception& e) {
      log::error("app", "somebody did not hear of an alarm", {{"why", e.what()}});
    }
  }
}

}  // namespace lynceus::daemon

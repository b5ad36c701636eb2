// Who hears of alarms besides the sinks, for as long as it lives: the desk knows one listener from its beginning to its
// end, and those behind it come and go.
//
// Owner: App. Thread: add() and remove() any; after remove() has returned nobody is called any more.
#pragma once

#include <functional>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "daemon/alarms/alarm_desk.h"

namespace lynceus::daemon {

class AlarmEars final : public AlarmListener {
 public:
  void add(AlarmListener& listener);
  void remove(AlarmListener& listener);

  void on_changes(std::span<const AlarmChange> changes) override;

 private:
  std::mutex mutex_;
  std::vector<AlarmListener*> all_;  // guarded by mutex_
};

/// A function that listens.
class AlarmEar final : public AlarmListener {
 public:
  using Hear = std::function<void(std::span<const AlarmChange>)>;
  explicit AlarmEar(Hear hear) : hear_(std::move(hear)) {}
  void on_changes(std::span<const AlarmChange> changes) override { hear_(changes); }

 private:
  const Hear hear_;
};

}  // namespace lynceus::daemon

// Changes of alarms as Server-Sent Events: data is the alarm as it is after the change. Owner: app. Thread: the desk's.
#pragma once

#include <span>

#include "daemon/alarms/alarm_desk.h"
#include "daemon/api/event_hub.h"

namespace lynceus::daemon::http {

class AlarmEvents final : public AlarmListener {
 public:
  explicit AlarmEvents(EventHub& hub) : hub_(hub) {}

  void on_changes(std::span<const AlarmChange> changes) override {
    for (const AlarmChange& change : changes) hub_.publish("alarm", change.alarm.camera, to_json(change.alarm));
  }

 private:
  EventHub& hub_;
};

}  // namespace lynceus::daemon::http

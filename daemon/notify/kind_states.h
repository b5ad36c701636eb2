// Which alarms of a camera and kind are raised: what MQTT keeps retained. Thread: bound to its owner.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/alarms/alarm.h"
#include "daemon/notify/mqtt_topics.h"

namespace lynceus::daemon::notify {

class KindStates {
 public:
  /// All that is raised now; what was known before is forgotten.
  void reset(const std::vector<Alarm>& raised);
  /// A change, unless a later one is known.
  void apply(const Alarm& alarm);
  bool on(const StateTopic& topic) const;
  std::set<StateTopic> all_on() const;
  /// {"state": "ON", "active": [keys], "severity", "summary"}: of the worst of them.
  std::string payload(const StateTopic& topic) const;

 private:
  std::map<StateTopic, std::map<std::string, Alarm>> raised_;  // by alarm's id
};

}  // namespace lynceus::daemon::notify

#include "daemon/notify/kind_states.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugins/sdk/severity_name.h"

namespace lynceus::daemon::notify {

void KindStates::reset(const std::vector<Alarm>& raised) {
  raised_.clear();
  for (const Alarm& alarm : raised) apply(alarm);
}

void KindStates::apply(const Alarm& alarm) {
  const StateTopic topic{alarm.camera, alarm.kind};
  auto& alarms = raised_[topic];
  const auto known = alarms.find(alarm.id);
  if (known == alarms.end() || known->second.revision <= alarm.revision) {
    if (alarm.state == Alarm::State::raised) alarms[alarm.id] = alarm;
    else alarms.erase(alarm.id);
  }
  if (alarms.empty()) raised_.erase(topic);
}

bool KindStates::on(const StateTopic& topic) const { return raised_.contains(topic); }

std::set<StateTopic> KindStates::all_on() const {
  std::set<StateTopic> out;
  for (const auto& [topic, alarms] : raised_) out.insert(topic);
  return out;
}

std::string KindStates::payload(const StateTopic& topic) const {
  using Json = nlohmann::ordered_json;
  Json out{{"state", "OFF"}, {"active", Json::array()}, {"severity", nullptr}, {"summary", ""}};
  const auto found = raised_.find(topic);
  if (found != raised_.end()) {
    out["state"] = "ON";
    std::set<std::string> keys;
    const Alarm* worst = nullptr;
    for (const auto& [id, alarm] : found->second) {
      keys.insert(alarm.key);
      if (worst == nullptr || alarm.severity > worst->severity) worst = &alarm;
    }
    out["active"] = keys;
    out["severity"] = name(worst->severity);
    out["summary"] = worst->summary;
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lynceus::daemon::notify

#include "daemon/alarms/routing.h"

#include <algorithm>

namespace lynceus::daemon {
namespace {

bool passes(const std::vector<std::string>& allowed, const std::string& value) {
  return allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

}  // namespace

bool wants(const config::SinkSettings& sink, const Alarm& alarm) {
  return sink.enabled && alarm.severity >= sink.filter.least && passes(sink.filter.kinds, alarm.kind) &&
         passes(sink.filter.cameras, alarm.camera);
}

std::vector<Notice> route(const config::NotifySettings& settings, const Alarm& alarm, AlarmChange::Type type,
                          bool quiet, std::vector<std::string>& told) {
  std::vector<Notice> notices;
  for (const auto& sink : settings.sinks) {
    if (!sink.enabled) continue;
    if (std::find(told.begin(), told.end(), sink.name) != told.end()) {
      notices.push_back({sink.name, type});
    } else if (!quiet && alarm.state == Alarm::State::raised && wants(sink, alarm)) {
      notices.push_back({sink.name, AlarmChange::Type::raised});
      told.push_back(sink.name);
    }
  }
  return notices;
}

}  // namespace lynceus::daemon

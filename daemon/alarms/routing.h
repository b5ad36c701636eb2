// Which sinks are told of a change. Whoever heard of the raise hears all that follows, the clear included; a sink that
// could not be told at once (shelved, below its severity) hears `raised` when it can.
// Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "config/alarm_settings.h"
#include "daemon/alarms/alarm.h"

namespace lynceus::daemon {

struct Notice {
  std::string sink;
  AlarmChange::Type type;
};

bool wants(const config::SinkSettings& sink, const Alarm& alarm);

/// `told`: the sinks that heard of the raise; grows here. `quiet`: shelved, nobody new is told.
std::vector<Notice> route(const config::NotifySettings& settings, const Alarm& alarm, AlarmChange::Type type,
                          bool quiet, std::vector<std::string>& told);

}  // namespace lynceus::daemon

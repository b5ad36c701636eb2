// The body that Prometheus' Alertmanager posts to webhooks (version 4), so that its receivers understand us.
// Thread: pure functions.
#pragma once

#include <span>
#include <string>

#include "daemon/alarms/outbox.h"
#include "daemon/notify/message.h"

namespace lynceus::daemon::notify {

/// One alert an alarm, as its last row says.
std::string alertmanager_body(std::span<const Owed> rows, const std::string& receiver, const Sender& sender);
/// An alert that fires and tells of no alarm: `lynceus_heartbeat`, `lynceus_test`.
std::string alertmanager_note(const std::string& kind, const std::string& receiver, const Sender& sender, WallTime now);

}  // namespace lynceus::daemon::notify

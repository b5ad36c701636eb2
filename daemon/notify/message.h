// What a webhook is sent: body, type and id, in either format.
//
// CloudEvents 1.0 in structured mode, a group as a batch; or the body of Alertmanager's webhook, version 4. The id is
// the same at every attempt: a receiver that keeps ids sees each change once. Thread: pure functions.
#pragma once

#include <span>
#include <string>

#include "config/alarm_settings.h"
#include "daemon/alarms/outbox.h"
#include "daemon/notify/verdict.h"

namespace lynceus::daemon::notify {

struct Message {
  std::string id;    ///< webhook-id
  std::string type;  ///< Content-Type
  std::string body;
};

/// What messages tell of their sender.
struct Sender {
  std::string site, version;
};

/// `grouped`: the sink gathers changes, so that even one goes as a batch.
Message message_of(std::span<const Owed> rows, const config::SinkSettings& sink, bool grouped, const Sender& sender);
/// lynceus.heartbeat and lynceus.test: told of no alarm, never repeated.
Message heartbeat(const config::SinkSettings& sink, const Sender& sender, WallTime now, std::size_t raised);
Message test_message(const config::SinkSettings& sink, const Sender& sender, WallTime now);

}  // namespace lynceus::daemon::notify

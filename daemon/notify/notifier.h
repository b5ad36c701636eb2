// Tells the sinks what is owed to them: one lane per sink, so that one that hangs never holds up another.
//
// Lanes run on the io threads and pull from the Outbox; a row goes when the receiver has said 2xx (MQTT: PUBACK).
// Order holds per alarm; an alarm whose delivery waits for its next attempt does not hold up others.
// Owner: app. Thread: configured() and the destructor the owner; the rest any.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "config/alarm_settings.h"
#include "daemon/alarms/outbox.h"

namespace boost::asio {
class io_context;
}

namespace lynceus::daemon {

class Notifier {
 public:
  struct Parts {
    boost::asio::io_context& io;
    Outbox& outbox;
    Clock& clock;
    std::string site, version;
    /// A condition of the daemon: delivering fails, a sink is disabled (AlarmDesk::own of the site).
    std::function<void(const sdk::Condition&)> condition;
    /// delivered, retry or failed, for lynceus_deliveries_total.
    std::function<void(const std::string& sink, const std::string& result)> counted;
    /// The command topic of MQTT: a camera is to be switched.
    std::function<void(const std::string& camera, bool enabled)> enable;
    /// The state MQTT keeps retained, asked for at each (re)connection: every alarm that is raised.
    std::function<std::vector<Alarm>()> raised;
    /// Cameras to announce to Home Assistant: id and name.
    std::function<std::vector<std::pair<std::string, std::string>>()> cameras;
    /// Kinds of alarms a camera may raise, for Home Assistant; without it kinds are announced when they are first met.
    std::function<std::vector<std::string>(const std::string& camera)> kinds{};
  };

  explicit Notifier(Parts parts);
  ~Notifier();

  /// At start and after a reload: lanes of sinks that stay as they are go on.
  void configured(const config::NotifySettings& settings);
  /// Retained MQTT states are told again, cameras announced again: after cameras came or went.
  void refresh();

  struct Status {
    std::string sink, kind;
    std::string url;  ///< redacted
    bool enabled = true, healthy = true;
    std::string last_error;
  };
  std::vector<Status> sinks() const;

  /// Sends a message that tells of no alarm. `done` on an io thread: what came back, in a line.
  void test(const std::string& sink, std::function<void(bool known, bool delivered, const std::string& line)> done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lynceus::daemon

// One connection to a broker through libmosquitto: made, used, thrown away. A new attempt is a new link, so that the
// library never sends by itself what it kept from before: an old state must not come after a newer one.
//
// The library looks names up and connects while its caller waits, and that is why a sink has a thread of its own and
// does not run on the io threads; probe() goes before, with a time and a way out, so that a broker that is not there
// holds up nobody. Thread: bound to its owner; callbacks come from within turn().
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "config/alarm_settings.h"

struct mosquitto;

namespace lynceus::daemon::notify {

/// What happens on a link.
class LinkEvents {
 public:
  virtual ~LinkEvents() = default;
  virtual void connected() = 0;
  virtual void acknowledged(int message, int reason) = 0;  ///< reason ≥ 128: refused (MQTT 5)
  virtual void message(const std::string& topic, const std::string& payload, bool retained) = 0;
};

/// The seam for tests: what can be done on a link.
class Broker {
 public:
  virtual ~Broker() = default;
  /// QoS 1; the number PUBACK will name, or -1.
  virtual int publish(const std::string& topic, const std::string& payload, bool retain) = 0;
  virtual void subscribe(const std::string& topic) = 0;
  virtual void unsubscribe(const std::string& topic) = 0;
};

class MqttLink final : public Broker {
 public:
  struct Will {
    std::string topic, payload;
  };
  /// Throws std::runtime_error with the reason, without secrets.
  MqttLink(const config::SinkSettings& sink, const std::string& client_id, const Will& will, LinkEvents& events);
  ~MqttLink() override;

  /// Connects; throws std::runtime_error.
  void open();
  /// Waits for the broker, or for `wake_fd` to become readable, and serves the connection. Empty while all is well,
  /// else why the connection ended.
  std::string turn(int wake_fd, std::chrono::milliseconds at_most);
  bool is_connected() const { return connected_; }
  /// Says goodbye, so that the broker keeps the will to itself.
  void close();

  int publish(const std::string& topic, const std::string& payload, bool retain) override;
  void subscribe(const std::string& topic) override;
  void unsubscribe(const std::string& topic) override;

 private:
  struct Callbacks;
  struct Free {
    void operator()(mosquitto* handle) const;
  };
  void set_up(const config::SinkSettings& sink, const Will& will);

  LinkEvents& events_;
  const config::SinkSettings sink_;
  std::unique_ptr<mosquitto, Free> handle_;
  bool connected_ = false;
  std::string ended_;
};

/// Whether anything at that address takes connections within the time; why not, or empty. Ends early with the stop.
std::string probe(const std::string& host, int port, std::chrono::milliseconds within, std::stop_token stop);

int port_of(const config::SinkSettings& sink);

}  // namespace lynceus::daemon::notify

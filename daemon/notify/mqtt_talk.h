// What is said to a broker, and what its words mean: states, deliveries, discovery, commands. Knows no socket and no
// timer: tests give it a broker of their own and turn its time.
//
// A delivery publishes the state of its camera and kind as it is after that change; PUBACK is its 2xx.
// Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "config/alarm_settings.h"
#include "daemon/notify/health.h"
#include "daemon/notify/kind_states.h"
#include "daemon/notify/mqtt_link.h"
#include "daemon/notify/mqtt_topics.h"
#include "daemon/notify/schedule.h"

namespace lynceus::daemon::notify {

class MqttTalk final : public LinkEvents {
 public:
  using Camera = std::pair<std::string, std::string>;  ///< id and name
  struct Parts {
    config::SinkSettings sink;
    std::string site, version;
    Outbox& outbox;
    std::function<double()> random;
    std::function<Now()> now;
    std::function<void(const std::string& result)> counted;
    std::function<void(const sdk::Condition&)> condition;
    std::function<void(const std::string& camera, bool enabled)> enable;
    std::function<std::vector<Alarm>()> raised;
    std::function<std::vector<Camera>()> cameras;
    std::function<std::vector<std::string>(const std::string& camera)> kinds;
  };
  using TestDone = std::function<void(bool delivered, const std::string& line)>;
  explicit MqttTalk(Parts parts);

  /// The link that is used from now on; null: there is none. Goes before connected().
  void use(Broker* broker) { broker_ = broker; }
  void connected() override;
  /// The connection failed or ended; when to try again.
  MonoTime lost(const std::string& why);
  void acknowledged(int message, int reason) override;
  void message(const std::string& topic, const std::string& payload, bool retained) override;

  void owed() { schedule_.owed(); }
  void refresh();
  void test(TestDone done);
  /// Publishes what is due; when to call again.
  MonoTime pump();
  /// Since when a PUBACK is awaited: a broker that keeps silent is left.
  std::optional<MonoTime> silent_since() const;
  MqttLink::Will will() const { return {topics_.status(), "offline"}; }
  const Health& health() const { return health_; }

 private:
  void deliver(Parcel parcel);
  void tell_state(const StateTopic& topic);
  void tell_states();
  void announce();
  void announce(const StateTopic& topic, const std::string& camera_name);
  void withdraw(const StateTopic& topic);
  void settle(std::uint64_t parcel, const Verdict& verdict);
  void command(const std::string& camera, const std::string& payload, bool retained);
  std::vector<Camera> cameras() const;
  std::string name_of(const std::string& camera) const;

  struct UnderWay {
    std::uint64_t parcel = 0;
    MonoTime since{};
  };
  const Parts parts_;
  const Topics topics_;
  Schedule schedule_;
  Health health_;
  KindStates states_;
  Broker* broker_ = nullptr;
  bool up_ = false;
  std::map<int, UnderWay> under_way_;  // by the number PUBACK names
  std::map<int, std::pair<TestDone, MonoTime>> tests_;
  std::set<StateTopic> announced_;
  std::set<std::string> switches_;
  MonoTime stop_listening_ = MonoTime::max();
  int attempts_ = 0;
  log::Limiter refused_commands_;
};

}  // namespace lynceus::daemon::notify

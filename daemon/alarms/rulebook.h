// What the configuration says about alarms: the rule of each kind, who exists, when alarms may be raised.
// Thread: any (immutable).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/config.h"
#include "daemon/alarms/arming.h"

namespace lynceus::daemon {

struct Rule {
  bool enabled = true;
  std::chrono::milliseconds on_delay{0}, off_delay{0}, hold{0};
  double deadband = 0;
  std::optional<sdk::Severity> severity;
};

class Rulebook {
 public:
  explicit Rulebook(const config::Config& config);

  /// Kinds of the transport begin late unless the file says otherwise: a reconnect within seconds is no alarm.
  Rule rule(const std::string& kind) const;
  /// Whether it is an hour for what this plugin finds; for what the daemon says of a camera itself any is.
  bool armed(const std::string& camera, const std::string& plugin, WallTime now) const;

  /// Why alarms of this camera and plugin may not be: "removed", "disabled", or empty when they may.
  std::string gone(const std::string& camera, const std::string& plugin) const;
  bool has_zone(const std::string& camera, const std::string& plugin, const std::string& zone) const;

  const std::string& site() const { return site_; }
  const config::AlarmSettings& alarms() const { return alarms_; }
  const config::NotifySettings& notify() const { return notify_; }

 private:
  struct Camera {
    bool enabled = true;
    std::vector<camera::ArmWindow> arm;
    std::map<std::string, std::set<std::string>> zones;  ///< names of zones and lines, by plugin
  };

  std::string site_;
  config::AlarmSettings alarms_;
  config::NotifySettings notify_;
  LocalTime local_;
  std::map<std::string, Camera> cameras_;
};

}  // namespace lynceus::daemon

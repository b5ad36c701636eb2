#include "daemon/alarms/rulebook.h"

#include <algorithm>
#include <array>

#include "daemon/alarms/alarm.h"

namespace lynceus::daemon {
namespace {

using std::chrono::milliseconds;

constexpr std::array kTransportKinds{"camera_offline", "camera_stalled", "camera_unauthorized", "camera_unsupported"};
constexpr milliseconds kReconnect{10'000};

bool of_transport(const std::string& kind) {
  return std::find(kTransportKinds.begin(), kTransportKinds.end(), kind) != kTransportKinds.end();
}

}  // namespace

Rulebook::Rulebook(const config::Config& config)
    : site_(config.site), alarms_(config.alarms), notify_(config.notify), local_(config.timezone) {
  for (const auto& settings : config.cameras) {
    Camera& camera = cameras_[settings.id];
    camera.enabled = settings.enabled;
    camera.arm = settings.arm;
    for (const auto& analyzer : settings.analyzers) {
      auto& names = camera.zones[analyzer.plugin];
      for (const auto& zone : analyzer.zones) names.insert(zone.name);
      for (const auto& line : analyzer.lines) names.insert(line.name);
    }
  }
}

Rule Rulebook::rule(const std::string& kind) const {
  Rule rule{true, alarms_.on_delay, alarms_.off_delay, alarms_.hold, alarms_.deadband, std::nullopt};
  if (of_transport(kind)) rule.on_delay = std::max(rule.on_delay, kReconnect);
  const auto found = alarms_.kinds.find(kind);
  if (found == alarms_.kinds.end()) return rule;
  const config::AlarmRule& own = found->second;
  rule.enabled = own.enabled.value_or(rule.enabled);
  rule.on_delay = own.on_delay.value_or(rule.on_delay);
  rule.off_delay = own.off_delay.value_or(rule.off_delay);
  rule.hold = own.hold.value_or(rule.hold);
  rule.deadband = own.deadband.value_or(rule.deadband);
  rule.severity = own.severity;
  return rule;
}

bool Rulebook::armed(const std::string& camera, const std::string& plugin, WallTime now) const {
  if (plugin == kDaemonPlugin) return true;
  const auto found = cameras_.find(camera);
  return found == cameras_.end() || found->second.arm.empty() || daemon::armed(found->second.arm, local_.at(now));
}

std::string Rulebook::gone(const std::string& camera, const std::string& plugin) const {
  if (camera.empty()) return {};
  const auto found = cameras_.find(camera);
  if (found == cameras_.end()) return "removed";
  if (!found->second.enabled) return "disabled";
  return plugin == kDaemonPlugin || found->second.zones.contains(plugin) ? "" : "disabled";
}

bool Rulebook::has_zone(const std::string& camera, const std::string& plugin, const std::string& zone) const {
  const auto found = cameras_.find(camera);
  if (found == cameras_.end()) return false;
  const auto names = found->second.zones.find(plugin);
  return names != found->second.zones.end() && names->second.contains(zone);
}

}  // namespace lynceus::daemon

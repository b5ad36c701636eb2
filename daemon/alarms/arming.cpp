#include "daemon/alarms/arming.h"

#include <glib.h>

#include <algorithm>

namespace lynceus::daemon {
namespace {

GTimeZone* open(const std::string& zone) {
  GTimeZone* found = zone.empty() ? nullptr : g_time_zone_new_identifier(zone.c_str());
  return found != nullptr ? found : g_time_zone_new_local();
}

bool on(const camera::ArmWindow& window, int day) {
  return window.days.empty() || std::find(window.days.begin(), window.days.end(), day) != window.days.end();
}

bool within(const camera::ArmWindow& window, LocalTime::Moment moment) {
  if (window.from < window.to) return on(window, moment.day) && moment.time >= window.from && moment.time < window.to;
  const int yesterday = (moment.day + 6) % 7;
  return (on(window, moment.day) && moment.time >= window.from) || (on(window, yesterday) && moment.time < window.to);
}

}  // namespace

LocalTime::LocalTime(const std::string& zone)
    : zone_(open(zone), [](void* held) { g_time_zone_unref(static_cast<GTimeZone*>(held)); }) {}

LocalTime::Moment LocalTime::at(WallTime time) const {
  auto* zone = static_cast<GTimeZone*>(zone_.get());
  const std::int64_t utc = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  const int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, utc);
  const std::int64_t local = utc + g_time_zone_get_offset(zone, interval);
  const std::int64_t days = local >= 0 ? local / 86'400 : -((86'399 - local) / 86'400);
  Moment moment;
  moment.day = static_cast<int>(((days + 3) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
  moment.time = std::chrono::minutes{(local - days * 86'400) / 60};
  return moment;
}

bool armed(const std::vector<camera::ArmWindow>& windows, LocalTime::Moment moment) {
  return windows.empty() ||
         std::any_of(windows.begin(), windows.end(), [&](const auto& window) { return within(window, moment); });
}

}  // namespace lynceus::daemon

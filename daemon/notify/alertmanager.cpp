#include "daemon/notify/alertmanager.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "daemon/notify/signature.h"
#include "plugins/sdk/severity_name.h"

namespace lynceus::daemon::notify {
namespace {

using Json = nlohmann::ordered_json;
using Labels = std::map<std::string, std::string>;

constexpr const char* kNever = "0001-01-01T00:00:00Z";  // what Alertmanager writes for "not yet"

/// Sorted names and values, as Alertmanager prints a group's key.
std::string key_text(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) out += (out.empty() ? "" : ", ") + name + "=" + Json(value).dump();
  return "{}:{" + out + "}";
}

Json alert(bool firing, const Labels& labels, const Labels& annotations, const std::string& from,
           const std::string& to) {
  std::string identity;
  for (const auto& [name, value] : labels) identity += name + "\n" + value + "\n";
  return {{"status", firing ? "firing" : "resolved"},
          {"labels", labels},
          {"annotations", annotations},
          {"startsAt", from},
          {"endsAt", to},
          {"generatorURL", ""},
          {"fingerprint", sha256_hex(identity).substr(0, 16)}};
}

Labels labels_of(const Alarm& alarm) {
  Labels out{{"alertname", alarm.kind}, {"severity", name(alarm.severity)},
             {"site", alarm.site},      {"plugin", alarm.plugin},
             {"key", alarm.key},        {"alarm", alarm.id}};
  if (!alarm.camera.empty()) out["camera"] = alarm.camera;
  if (!alarm.zone.empty()) out["zone"] = alarm.zone;
  return out;
}

Labels annotations_of(const Alarm& alarm) {
  Labels out{{"summary", alarm.summary}};
  if (alarm.value) out["value"] = Json(*alarm.value).dump() + (alarm.unit.empty() ? "" : " " + alarm.unit);
  if (alarm.limit) out["limit"] = Json(*alarm.limit).dump() + (alarm.unit.empty() ? "" : " " + alarm.unit);
  if (!alarm.acknowledged_by.empty()) out["acknowledged_by"] = alarm.acknowledged_by;
  return out;
}

Json alert_of(const Alarm& alarm) {
  const bool firing = alarm.state != Alarm::State::cleared;
  const std::string end = !firing && alarm.cleared_at ? rfc3339(*alarm.cleared_at) : kNever;
  return alert(firing, labels_of(alarm), annotations_of(alarm), rfc3339(alarm.raised_at), end);
}

/// What all of them say alike.
Json common(const Json& alerts, const char* part) {
  Json out = alerts.front()[part];
  for (const Json& one : alerts) {
    Json kept = Json::object();
    for (const auto& [name, value] : out.items()) {
      if (one[part].contains(name) && one[part][name] == value) kept[name] = value;
    }
    out = std::move(kept);
  }
  return out;
}

std::string body(Json alerts, const std::string& receiver, const Labels& group) {
  const bool firing = std::any_of(alerts.begin(), alerts.end(), [](const Json& a) { return a["status"] == "firing"; });
  const Json out{{"version", "4"},
                 {"groupKey", key_text(group)},
                 {"truncatedAlerts", 0},
                 {"status", firing ? "firing" : "resolved"},
                 {"receiver", receiver},
                 {"groupLabels", group},
                 {"commonLabels", common(alerts, "labels")},
                 {"commonAnnotations", common(alerts, "annotations")},
                 {"externalURL", ""},
                 {"alerts", alerts}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string alertmanager_body(std::span<const Owed> rows, const std::string& receiver, const Sender& sender) {
  std::vector<const Alarm*> alarms;  // the last word of each, in order of the first
  for (const Owed& row : rows) {
    const Alarm& alarm = row.change.alarm;
    const auto same = std::find_if(alarms.begin(), alarms.end(), [&](const Alarm* a) { return a->id == alarm.id; });
    if (same == alarms.end()) alarms.push_back(&alarm);
    else *same = &alarm;
  }
  Json alerts = Json::array();
  for (const Alarm* alarm : alarms) alerts.push_back(alert_of(*alarm));
  return body(std::move(alerts), receiver, {{"site", sender.site}});
}

std::string alertmanager_note(const std::string& kind, const std::string& receiver, const Sender& sender,
                              WallTime now) {
  const Labels labels{{"alertname", "lynceus_" + kind}, {"severity", "none"}, {"site", sender.site}};
  Json alerts = Json::array();
  alerts.push_back(alert(true, labels, {{"summary", "Lynceus " + sender.version}}, rfc3339(now), kNever));
  return body(std::move(alerts), receiver, {{"site", sender.site}});
}

}  // namespace lynceus::daemon::notify

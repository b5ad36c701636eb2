#include "daemon/alarms/alarm_json.h"

#include <array>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/timestamp.h"
#include "plugins/sdk/severity_name.h"

namespace lynceus::daemon {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json or_null(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? Json(*number) : Json(nullptr);
}
Json or_null(const std::optional<WallTime>& time) { return time ? Json(rfc3339(*time)) : Json(nullptr); }
Json url(const Alarm& alarm, bool there, const char* file) {
  return there ? Json("/api/v1/alarms/" + alarm.id + "/" + file) : Json(nullptr);
}

template <class T, std::size_t N>
std::optional<T> named(const std::string& text, const std::array<T, N>& values) {
  for (const T value : values) {
    if (text == name(value)) return value;
  }
  return std::nullopt;
}

constexpr std::array kStates{Alarm::State::pending, Alarm::State::raised, Alarm::State::cleared};
constexpr std::array kSeverities{sdk::Severity::info, sdk::Severity::warning, sdk::Severity::critical};

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}
std::optional<double> number_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}
std::optional<WallTime> time_of(const Json& json, const char* key) { return parse_rfc3339(text_of(json, key)); }

}  // namespace

std::string to_json(const Alarm& alarm) {
  Json json{{"id", alarm.id},         {"revision", alarm.revision}, {"site", alarm.site},
            {"camera", alarm.camera}, {"plugin", alarm.plugin},     {"kind", alarm.kind},
            {"key", alarm.key},       {"zone", or_null(alarm.zone)}};
  json["severity"] = name(alarm.severity);
  json["state"] = name(alarm.state);
  json["active"] = alarm.active;
  json["summary"] = alarm.summary;
  json["value"] = or_null(alarm.value);
  json["unit"] = or_null(alarm.unit);
  json["limit"] = or_null(alarm.limit);
  json["raised_at"] = rfc3339(alarm.raised_at);
  json["acknowledged_at"] = or_null(alarm.acknowledged_at);
  json["acknowledged_by"] = or_null(alarm.acknowledged_by);
  json["cleared_at"] = or_null(alarm.cleared_at);
  json["clear_reason"] = or_null(alarm.clear_reason);
  json["shelved_until"] = or_null(alarm.shelved_until);
  json["count"] = alarm.count;
  json["durable"] = alarm.durable;
  json["snapshot"] = url(alarm, alarm.snapshot, "snapshot.jpg");
  json["clip"] = url(alarm, alarm.clip, "clip.mp4");
  if (alarm.clip_from) json["clip_from"] = rfc3339(*alarm.clip_from);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Alarm> alarm_from_json(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Alarm alarm;
  alarm.id = text_of(json, "id");
  const auto state = named(text_of(json, "state"), kStates);
  const auto severity = named(text_of(json, "severity"), kSeverities);
  const auto raised_at = time_of(json, "raised_at");
  if (alarm.id.empty() || !state || !severity || !raised_at) return std::nullopt;
  alarm.state = *state;
  alarm.severity = *severity;
  alarm.raised_at = *raised_at;
  alarm.revision = static_cast<std::int64_t>(number_of(json, "revision").value_or(0));
  alarm.count = static_cast<std::int64_t>(number_of(json, "count").value_or(1));
  alarm.site = text_of(json, "site");
  alarm.camera = text_of(json, "camera");
  alarm.plugin = text_of(json, "plugin");
  alarm.kind = text_of(json, "kind");
  alarm.key = text_of(json, "key");
  alarm.zone = text_of(json, "zone");
  alarm.active = json.value("active", false);
  alarm.summary = text_of(json, "summary");
  alarm.value = number_of(json, "value");
  alarm.limit = number_of(json, "limit");
  alarm.unit = text_of(json, "unit");
  alarm.acknowledged_at = time_of(json, "acknowledged_at");
  alarm.acknowledged_by = text_of(json, "acknowledged_by");
  alarm.cleared_at = time_of(json, "cleared_at");
  alarm.clear_reason = text_of(json, "clear_reason");
  alarm.shelved_until = time_of(json, "shelved_until");
  alarm.clip_from = time_of(json, "clip_from");
  alarm.durable = json.value("durable", true);
  alarm.snapshot = !text_of(json, "snapshot").empty();
  alarm.clip = !text_of(json, "clip").empty();
  return alarm;
}

std::int64_t to_ms(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}
WallTime from_ms(std::int64_t ms) { return WallTime{std::chrono::milliseconds{ms}}; }

}  // namespace lynceus::daemon

#include "daemon/notify/message.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "daemon/notify/alertmanager.h"
#include "daemon/notify/signature.h"

namespace lynceus::daemon::notify {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kEvent = "application/cloudevents+json; charset=utf-8";
constexpr const char* kEvents = "application/cloudevents-batch+json; charset=utf-8";

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string source_of(const std::string& site, const std::string& camera) {
  return "lynceus/" + site + (camera.empty() ? "" : "/" + camera);
}

Json event(const std::string& id, const std::string& type, const std::string& source, WallTime time, Json data) {
  return {{"specversion", "1.0"},   {"id", id},
          {"source", source},       {"type", type},
          {"time", rfc3339(time)},  {"datacontenttype", "application/json"},
          {"data", std::move(data)}};
}

Json event_of(const Owed& row) {
  const Alarm& alarm = row.change.alarm;
  Json out = event(row.id(), std::string("lynceus.alarm.") + name(row.change.type), source_of(alarm.site, alarm.camera),
                   row.change.at, Json::parse(to_json(alarm)));
  out["subject"] = alarm.id;
  return out;
}

/// Of one row its own; of a group one that the same rows give again.
std::string id_of(std::span<const Owed> rows) {
  if (rows.size() == 1) return rows.front().id();
  std::string all;
  for (const Owed& row : rows) all += row.id() + "\n";
  return "group." + sha256_hex(all).substr(0, 32);
}

Message own(const config::SinkSettings& sink, const Sender& sender, const std::string& kind, WallTime now, Json data) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::string id =
      kind + "." + sha256_hex(sender.site + "\n" + sink.name).substr(0, 8) + "." + std::to_string(ms);
  if (sink.format == config::SinkSettings::Format::alertmanager)
    return {id, "application/json", alertmanager_note(kind, sink.name, sender, now)};
  const Json one = event(id, "lynceus." + kind, source_of(sender.site, ""), now, std::move(data));
  return {id, kEvent, text_of(one)};
}

}  // namespace

Message message_of(std::span<const Owed> rows, const config::SinkSettings& sink, bool grouped, const Sender& sender) {
  const std::string id = id_of(rows);
  if (sink.format == config::SinkSettings::Format::alertmanager)
    return {id, "application/json", alertmanager_body(rows, sink.name, sender)};
  if (!grouped) return {id, kEvent, text_of(event_of(rows.front()))};
  Json all = Json::array();
  for (const Owed& row : rows) all.push_back(event_of(row));
  return {id, kEvents, text_of(all)};
}

Message heartbeat(const config::SinkSettings& sink, const Sender& sender, WallTime now, std::size_t raised) {
  return own(sink, sender, "heartbeat", now, {{"site", sender.site}, {"version", sender.version}, {"raised", raised}});
}

Message test_message(const config::SinkSettings& sink, const Sender& sender, WallTime now) {
  return own(sink, sender, "test", now, {{"site", sender.site}, {"version", sender.version}, {"sink", sink.name}});
}

}  // namespace lynceus::daemon::notify

#include "daemon/notify/mqtt_topics.h"

#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>

namespace lynceus::daemon::notify {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSite = "_site";
constexpr std::string_view kSet = "set";
constexpr std::size_t kMostCommandBytes = 4096;

/// One part of a topic: kinds come from plugins.
std::string part(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool bad = c == '/' || c == '+' || c == '#' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    out += bad ? '_' : c;
  }
  return out.empty() ? "_" : out;
}

/// What Home Assistant takes for ids: letters, digits, - and _.
std::string id_part(std::string_view text) {
  std::string out;
  for (const char c : text) out += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ? c : '_';
  return out;
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// "camera_frozen" → "Camera frozen"
std::string words(std::string kind) {
  for (char& c : kind) c = c == '_' ? ' ' : c;
  if (!kind.empty()) kind[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(kind[0])));
  return kind;
}

}  // namespace

Topics::Topics(const config::SinkSettings& sink, std::string site, std::string version)
    : sink_(sink), site_(std::move(site)), version_(std::move(version)), root_(sink.prefix + "/" + part(site_)) {}

std::string Topics::state(const StateTopic& of) const {
  return root_ + "/" + (of.camera.empty() ? kSite : part(of.camera)) + "/" + part(of.kind);
}

std::optional<StateTopic> Topics::state_of(std::string_view topic) const {
  if (!topic.starts_with(root_ + "/")) return {};
  topic.remove_prefix(root_.size() + 1);
  const std::size_t slash = topic.find('/');
  if (slash == std::string_view::npos || topic.find('/', slash + 1) != std::string_view::npos) return {};
  StateTopic out{std::string(topic.substr(0, slash)), std::string(topic.substr(slash + 1))};
  if (out.kind == kSet || out.kind.empty()) return {};
  if (out.camera == kSite) out.camera.clear();
  return out;
}

std::optional<std::string> Topics::commanded(std::string_view topic) const {
  if (!topic.starts_with(root_ + "/") || !topic.ends_with("/set")) return {};
  topic.remove_prefix(root_.size() + 1);
  topic.remove_suffix(kSet.size() + 1);
  if (topic.empty() || topic.find('/') != std::string_view::npos) return {};
  return std::string(topic);
}

Topics::Document Topics::sensor(const StateTopic& of, const std::string& camera_name) const {
  const std::string node = "lynceus_" + id_part(site_) + "_" + (of.camera.empty() ? "site" : id_part(of.camera));
  const std::string object = id_part(of.kind);
  const Json body{{"name", words(of.kind)},
                  {"unique_id", node + "_" + object},
                  {"object_id", node + "_" + object},
                  {"state_topic", state(of)},
                  {"value_template", "{{ value_json.state }}"},
                  {"payload_on", "ON"},
                  {"payload_off", "OFF"},
                  {"json_attributes_topic", state(of)},
                  {"availability_topic", status()},
                  {"payload_available", "online"},
                  {"payload_not_available", "offline"},
                  {"device_class", "problem"},
                  {"device", Json::parse(device(of.camera, camera_name))},
                  {"origin", {{"name", "Lynceus"}, {"sw_version", version_}}}};
  return {sink_.discovery_prefix + "/binary_sensor/" + node + "/" + object + "/config", text_of(body)};
}

Topics::Document Topics::enable_switch(const std::string& camera, const std::string& camera_name) const {
  const std::string node = "lynceus_" + id_part(site_) + "_" + id_part(camera);
  const Json body{{"name", "Enabled"},
                  {"unique_id", node + "_enabled"},
                  {"object_id", node + "_enabled"},
                  {"command_topic", command(camera)},
                  {"payload_on", R"({"enabled":true})"},
                  {"payload_off", R"({"enabled":false})"},
                  {"optimistic", true},
                  {"qos", 1},
                  {"availability_topic", status()},
                  {"entity_category", "config"},
                  {"device", Json::parse(device(camera, camera_name))},
                  {"origin", {{"name", "Lynceus"}, {"sw_version", version_}}}};
  return {sink_.discovery_prefix + "/switch/" + node + "/enabled/config", text_of(body)};
}

std::string Topics::device(const std::string& camera, const std::string& camera_name) const {
  const std::string id = "lynceus_" + id_part(site_) + "_" + (camera.empty() ? "site" : id_part(camera));
  return text_of(Json{{"identifiers", Json::array({id})},
                      {"name", camera.empty() ? "Lynceus " + site_ : camera_name},
                      {"manufacturer", "Lynceus"},
                      {"model", camera.empty() ? "site" : "camera"},
                      {"sw_version", version_}});
}

std::optional<bool> parse_command(std::string_view payload) {
  if (payload.size() > kMostCommandBytes) return {};
  const auto json = nlohmann::json::parse(payload, nullptr, false);
  if (!json.is_object() || json.size() != 1) return {};
  const auto enabled = json.find("enabled");
  if (enabled == json.end() || !enabled->is_boolean()) return {};
  return enabled->get<bool>();
}

}  // namespace lynceus::daemon::notify

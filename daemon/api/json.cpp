#include "daemon/api/json.h"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <variant>

#include "plugins/sdk/note.h"
#include "plugins/sdk/severity_name.h"

namespace lynceus::daemon::http {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 32;

std::string text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// JSON has no NaN and no infinity.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json rounded(double value) { return number(std::round(value * 100) / 100); }

Json or_null(const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); }

Json box(const cv::Rect2d& b) { return Json::array({number(b.x), number(b.y), number(b.width), number(b.height)}); }

Json value_json(const sdk::Value& value, int depth) {
  if (depth > kDeepest) return nullptr;
  return std::visit(
      [depth](const auto& v) -> Json {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<T, double>) {
          return number(v);
        } else if constexpr (std::is_same_v<T, sdk::Value::Array>) {
          Json array = Json::array();
          for (const auto& item : v) array.push_back(value_json(item, depth + 1));
          return array;
        } else if constexpr (std::is_same_v<T, sdk::Value::Object>) {
          Json object = Json::object();
          for (const auto& [key, item] : v) object[key] = value_json(item, depth + 1);
          return object;
        } else {
          return v;
        }
      },
      value.data());
}

Json labels_json(const std::vector<sdk::Label>& labels) {
  Json object = Json::object();
  for (const auto& label : labels) object[label.name] = label.value;
  return object;
}

Json entity_json(const sdk::Entity& entity) {
  Json json{
      {"id", entity.id}, {"label", entity.label}, {"box", box(entity.box)}, {"confidence", number(entity.confidence)}};
  json["ground"] =
      entity.ground_m ? Json::array({number(entity.ground_m->x), number(entity.ground_m->y)}) : Json(nullptr);
  json["state"] = or_null(entity.state);
  return json;
}

Json condition_json(const sdk::Condition& condition) {
  Json json{{"key", condition.key()},
            {"kind", condition.kind},
            {"zone", or_null(condition.zone)},
            {"active", condition.active}};
  json["severity"] = name(condition.severity);
  json["summary"] = condition.summary;
  json["value"] = condition.value ? number(*condition.value) : Json(nullptr);
  json["limit"] = condition.limit ? number(*condition.limit) : Json(nullptr);
  json["unit"] = or_null(condition.unit);
  return json;
}

Json event_json(const sdk::Event& event) {
  return Json{{"kind", event.kind},
              {"entity", event.entity},
              {"zone", or_null(event.zone)},
              {"direction", or_null(event.direction)},
              {"severity", name(event.severity)},
              {"summary", event.summary}};
}

Json measurement_json(const sdk::Measurement& measurement) {
  return Json{{"name", measurement.name},
              {"value", number(measurement.value)},
              {"unit", or_null(measurement.unit)},
              {"labels", labels_json(measurement.labels)}};
}

template <class T, class Convert>
Json list(const std::vector<T>& items, Convert convert) {
  Json array = Json::array();
  for (const auto& item : items) array.push_back(convert(item));
  return array;
}

Json word_json(const PluginWord& word) {
  const sdk::Observations& said = *word.observations;
  Json json{{"plugin", word.plugin},
            {"sequence", word.sequence},
            {"at", rfc3339(word.at)},
            {"ms", rounded(word.seconds * 1000)}};
  json["entities"] = list(said.entities, entity_json);
  json["measurements"] = list(said.measurements, measurement_json);
  json["conditions"] = list(said.conditions, condition_json);
  json["events"] = list(said.events, event_json);
  json["details"] = value_json(said.details, 0);
  return json;
}

Json analyzers_json(const CameraStatus& camera) {
  Json array = Json::array();
  for (const std::string& plugin : camera.plugins) {
    const char* state = "starting";
    std::string reason;
    for (const auto& analyzer : camera.worker.analyzers) {
      if (analyzer.plugin != plugin) continue;
      const bool running = analyzer.state == host::SlotState::running;
      state = !running ? "disabled" : camera.worker.stuck && camera.worker.in_plugin == plugin ? "stuck" : "running";
      if (!running) reason = analyzer.last_error;
    }
    array.push_back(Json{{"plugin", plugin}, {"state", state}, {"reason", or_null(reason)}});
  }
  return array;
}

Json last_frame(const CameraStatus& camera) {
  if (camera.counts.last_frame_wall_ms <= 0) return nullptr;
  return rfc3339(WallTime(std::chrono::milliseconds(camera.counts.last_frame_wall_ms)));
}

Json camera_object(const CameraStatus& camera, const SnapshotPtr& live) {
  Json json{
      {"id", camera.id}, {"name", camera.name}, {"kind", camera.kind == camera::Kind::thermal ? "thermal" : "visible"}};
  json["enabled"] = camera.enabled;
  json["state"] = name(camera.source.state);
  json["state_since"] = rfc3339(camera.source.state_since);
  json["reason"] = or_null(camera.source.reason);
  json["health"] = live ? or_null(live->health) : Json(nullptr);
  json["light"] = live ? Json(name(live->light)) : Json(nullptr);
  json["width"] = camera.source.width;
  json["height"] = camera.source.height;
  json["codec"] = or_null(camera.source.codec);
  json["decoder"] = or_null(camera.source.decoder);
  json["decoder_trouble"] = or_null(camera.source.decoder_trouble);
  json["fps_received"] = rounded(camera.fps_received);
  json["fps_analyzed"] = rounded(camera.worker.fps_analyzed);
  json["last_frame_at"] = last_frame(camera);
  json["url"] = camera.url;
  json["analyzers"] = analyzers_json(camera);
  json["views"] = camera.views;
  return json;
}

}  // namespace

std::string camera_json(const CameraStatus& camera, const SnapshotPtr& live) {
  return text(camera_object(camera, live));
}

std::string cameras_json(const std::vector<CameraStatus>& cameras, const LiveBoard& board) {
  Json json{{"cameras", Json::array()}};
  for (const CameraStatus& camera : cameras) json["cameras"].push_back(camera_object(camera, board.newest(camera.id)));
  return text(json);
}

std::string removed_camera_json(const std::string& id) { return text(Json{{"id", id}, {"state", "removed"}}); }

std::string measurements_json(const std::string& camera, std::chrono::seconds step,
                              const std::vector<MeasurementLog::Series>& series) {
  Json json{{"camera", camera}, {"step", step.count()}, {"series", Json::array()}};
  for (const auto& one : series) {
    Json points = Json::array();
    for (const auto& [time, value] : one.points) points.push_back(Json::array({rfc3339(time), number(value)}));
    json["series"].push_back(Json{{"plugin", one.plugin},
                                  {"name", one.name},
                                  {"unit", or_null(one.unit)},
                                  {"labels", labels_json(one.labels)},
                                  {"points", std::move(points)}});
  }
  return text(json);
}

std::string observations_json(const std::string& camera, const SnapshotPtr& live) {
  Json json{{"camera", camera}, {"frame", nullptr}, {"light", nullptr}, {"motion", false}, {"plugins", Json::array()}};
  if (!live) return text(json);
  const sdk::Frame& frame = *live->frame;
  json["frame"] = Json{{"sequence", frame.sequence()},
                       {"captured_at", rfc3339(frame.captured_wall())},
                       {"width", frame.size().width},
                       {"height", frame.size().height}};
  json["light"] = name(live->light);
  json["motion"] = live->motion;
  json["plugins"] = list(live->plugins, word_json);
  return text(json);
}

std::string version_json(const VersionFacts& facts) {
  Json json{{"name", "lynceus"}, {"version", LYNCEUS_VERSION}, {"sdk", LYNCEUS_SDK_VERSION}, {"opencv", CV_VERSION}};
  json["plugins"] = Json::array();
  for (const auto& [plugin, version] : facts.plugins)
    json["plugins"].push_back(Json{{"name", plugin}, {"version", version}});
  json["refused"] = Json::array();
  for (const auto& [file, why] : facts.refused) json["refused"].push_back(Json{{"file", file}, {"why", why}});
  return text(json);
}

}  // namespace lynceus::daemon::http

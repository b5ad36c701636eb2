// What the tests of alarms stand on: a configuration of one camera, conditions and reports in a line.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "pipeline/camera/report.h"
#include "plugins/sdk/observations.h"

namespace lynceus::test {

inline config::SinkSettings sink(const std::string& name) {
  config::SinkSettings settings;
  settings.name = name;
  return settings;
}

/// Cameras lobby and yard with the plugin people, sinks as named.
inline config::Config alarm_config(const std::vector<std::string>& sinks = {"hook"}) {
  config::Config config;
  config.site = "plant";
  config.timezone = "UTC";
  for (const char* id : {"lobby", "yard"}) {
    camera::CameraSettings camera;
    camera.id = id;
    camera::AnalyzerSettings people;
    people.plugin = "people";
    camera.analyzers.push_back(people);
    config.cameras.push_back(camera);
  }
  for (const std::string& name : sinks) config.notify.sinks.push_back(sink(name));
  return config;
}

inline sdk::Condition condition(const std::string& kind, bool active = true) {
  sdk::Condition condition;
  condition.kind = kind;
  condition.active = active;
  condition.summary = kind + (active ? " is so" : " is not so");
  return condition;
}

inline camera::FrameReport report(const std::string& camera, std::vector<sdk::Condition> conditions,
                                  std::vector<sdk::Event> events = {}) {
  auto said = std::make_shared<sdk::Observations>();
  said->conditions = std::move(conditions);
  said->events = std::move(events);
  camera::FrameReport report;
  report.camera = camera;
  report.analyzers.push_back({"people", said, 0, 0});
  return report;
}

}  // namespace lynceus::test

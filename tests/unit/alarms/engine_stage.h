// The engine with time turned by hand and what it decided, in order.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/alarms/engine.h"
#include "tests/unit/alarms/stage.h"

namespace lynceus::test {

class EngineStage {
 public:
  explicit EngineStage(config::Config with = alarm_config()) : config(std::move(with)), engine(make()) {
    for (const auto& camera : config.cameras) state(camera.id, ingest::TransportState::streaming);
  }

  void say(std::vector<sdk::Condition> list, const std::string& camera = "lobby") {
    engine.conditions({camera, "people"}, list, now.mono, now);
    collect();
  }
  void happen(const sdk::Event& event) {
    engine.event({"lobby", "people"}, event, 1, now.mono, now);
    collect();
  }
  void state(const std::string& camera, ingest::TransportState to) {
    engine.camera_state(camera, to, "", now);
    collect();
  }
  void reload() {
    engine.configured(daemon::Rulebook(config), now);
    collect();
  }
  /// Turns time on, stopping wherever the engine wants to be called.
  void pass(std::chrono::milliseconds time) {
    const MonoTime end = now.mono + time;
    while (now.mono < end) {
      auto next = engine.due().value_or(end);
      next = std::clamp(next, now.mono + std::chrono::milliseconds{1}, end);
      now.wall += std::chrono::duration_cast<WallTime::duration>(next - now.mono);
      now.mono = next;
      engine.tick(now);
      collect();
    }
  }
  void collect() {
    for (auto& decision : engine.take()) {
      told.push_back(std::string(name(decision.change.type)) + " " + decision.change.alarm.key);
      decided.push_back(std::move(decision));
    }
  }
  std::vector<std::string> heard() { return std::exchange(told, {}); }
  const daemon::Alarm& last() const { return decided.back().change.alarm; }
  /// What a restart finds.
  std::vector<daemon::Kept> kept() const {
    std::map<std::string, daemon::Kept> newest;
    for (const auto& d : decided) newest[d.change.alarm.id] = {d.change.alarm, d.told, d.held_until};
    std::vector<daemon::Kept> raised;
    for (auto& [id, kept] : newest) {
      if (kept.alarm.state == daemon::Alarm::State::raised) raised.push_back(kept);
    }
    return raised;
  }

  config::Config config;
  daemon::Moment now{MonoTime{std::chrono::hours{1}}, WallTime{std::chrono::seconds{1'800'000'000}}};
  daemon::AlarmEngine engine;
  std::vector<std::string> told;
  std::vector<daemon::Decision> decided;

 private:
  daemon::AlarmEngine make() const { return daemon::AlarmEngine(daemon::Rulebook(config), now); }
};

using Told = std::vector<std::string>;

}  // namespace lynceus::test

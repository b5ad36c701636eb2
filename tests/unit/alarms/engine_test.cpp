#include "daemon/alarms/engine.h"

#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/unit/alarms/engine_stage.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::Alarm;
using ingest::TransportState;

TEST_CASE("raised at once, cleared after off_delay, not at all when it is back before") {
  EngineStage stage;
  stage.say({condition("crowding")});
  CHECK(stage.heard() == Told{"raised crowding"});
  stage.say({condition("crowding", false)});
  stage.pass(4s);
  stage.say({condition("crowding")});
  stage.pass(1min);
  CHECK(stage.heard().empty());
  stage.say({});  // no longer reported is inactive
  stage.pass(4999ms);
  CHECK(stage.heard().empty());
  stage.pass(1ms);
  CHECK(stage.heard() == Told{"cleared crowding"});
  CHECK(stage.last().clear_reason == "condition");
  CHECK(stage.last().revision == 2);
  CHECK(*stage.last().cleared_at - stage.last().raised_at == 1min + 9s);
}

TEST_CASE("on_delay, severity and being off are a kind's own") {
  EngineStage stage;
  stage.config.alarms.kinds["crowding"].on_delay = 3s;
  stage.config.alarms.kinds["crowding"].severity = sdk::Severity::critical;
  stage.config.alarms.kinds["dwell"].enabled = false;
  stage.reload();
  stage.say({condition("crowding"), condition("dwell")});
  stage.pass(2s);
  CHECK(stage.heard().empty());
  stage.say({});
  stage.say({condition("crowding"), condition("dwell")});
  stage.pass(2999ms);
  CHECK(stage.heard().empty());
  stage.pass(1ms);
  CHECK(stage.heard() == Told{"raised crowding"});
  CHECK(stage.last().severity == sdk::Severity::critical);
  stage.config.alarms.kinds["crowding"].enabled = false;
  stage.reload();
  CHECK(stage.heard() == Told{"cleared crowding"});
  CHECK(stage.last().clear_reason == "disabled");
}

TEST_CASE("a worse condition is told, a milder one is not") {
  EngineStage stage;
  auto hot = condition("over_temperature");
  stage.say({hot});
  hot.severity = sdk::Severity::critical;
  stage.say({hot});
  hot.severity = sdk::Severity::info;
  stage.say({hot});
  CHECK(stage.heard() == Told{"raised over_temperature", "updated over_temperature"});
  CHECK(stage.engine.find(stage.last().id)->severity == sdk::Severity::critical);
}

TEST_CASE("within the deadband an alarm stays, on either side of its limit") {
  for (const double sign : {1.0, -1.0}) {
    EngineStage stage;
    stage.config.alarms.deadband = 0.1;
    stage.config.alarms.off_delay = 0s;
    stage.reload();
    const auto at = [&](double value, bool active) {
      auto c = condition("over_temperature", active);
      c.value = 100 + sign * value;
      c.limit = 100;
      stage.say({c});
    };
    at(-1, false);
    CHECK(stage.heard().empty());
    at(5, true);
    at(-9, false);
    CHECK(stage.heard() == Told{"raised over_temperature"});
    at(-11, false);
    CHECK(stage.heard() == Told{"cleared over_temperature"});
  }
}

TEST_CASE("an event is an alarm for as long as it is held, and prolonged by the next") {
  EngineStage stage;
  sdk::Event event;
  event.kind = "line_crossed";
  event.zone = "gate";
  stage.happen(event);
  stage.pass(6s);
  stage.happen(event);
  stage.say({});  // a list of conditions says nothing of events
  stage.pass(9999ms);
  CHECK(stage.heard() == Told{"raised line_crossed:gate"});
  stage.pass(1ms);
  CHECK(stage.heard() == Told{"cleared line_crossed:gate"});
  CHECK(stage.last().count == 2);
}

TEST_CASE("what flaps is told once, counted, and cleared when it was quiet for the window") {
  EngineStage stage;
  stage.config.alarms.off_delay = 0s;
  stage.reload();
  for (int i = 0; i < 20; ++i) {
    stage.say({condition("crowding")});
    stage.pass(1s);
    stage.say({});
    stage.pass(1s);
  }
  const auto told = stage.heard();
  CHECK(told.size() == 11);  // five rounds, and a raise that stays
  CHECK(told.back() == "raised crowding");
  const std::string id = stage.last().id;
  CHECK(stage.engine.find(id)->count == 15);
  stage.pass(599s - 1s);
  CHECK(stage.heard().empty());
  stage.pass(2s);
  CHECK(stage.heard() == Told{"cleared crowding"});
  CHECK(stage.last().count == 15);
  stage.say({condition("crowding")});
  CHECK(stage.heard() == Told{"raised crowding"});
}

TEST_CASE("a camera that does not stream is lost after ten minutes, and its faults are alarms after ten seconds") {
  EngineStage stage;
  stage.say({condition("crowding")});
  stage.state("lobby", TransportState::offline);
  stage.pass(5s);
  stage.state("lobby", TransportState::connecting);
  stage.state("lobby", TransportState::streaming);  // a reconnect within seconds is no alarm
  stage.pass(1min);
  CHECK(stage.heard() == Told{"raised crowding"});

  stage.state("lobby", TransportState::offline);
  stage.pass(9s);
  stage.state("lobby", TransportState::connecting);
  stage.state("lobby", TransportState::offline);
  stage.pass(1s);
  CHECK(stage.heard() == Told{"raised camera_offline"});
  CHECK(stage.last().plugin == "lynceus");
  stage.pass(9min + 49s);
  CHECK(stage.heard().empty());
  stage.pass(1s);
  CHECK(stage.heard() == Told{"cleared crowding"});
  CHECK(stage.last().clear_reason == "source_lost");
  stage.state("lobby", TransportState::streaming);
  stage.pass(5s);
  CHECK(stage.heard() == Told{"cleared camera_offline"});
  stage.say({condition("crowding")});
  CHECK(stage.heard() == Told{"raised crowding"});
}

TEST_CASE("a reload clears what went: camera, analyzer, zone, and nothing else") {
  EngineStage stage;
  sdk::Zone door, hall;
  door.name = "door";
  hall.name = "hall";
  stage.config.cameras[0].analyzers[0].zones = {door, hall};
  stage.reload();
  auto at_door = condition("crowding"), in_hall = condition("crowding"), made_up = condition("dwell");
  at_door.zone = "door";
  in_hall.zone = "hall";
  made_up.zone = "table 7";  // a name the plugin found itself
  stage.say({at_door, in_hall, made_up});
  stage.say({condition("crowding")}, "yard");
  stage.heard();

  stage.config.cameras[0].analyzers[0].zones = {hall};
  stage.reload();
  CHECK(stage.heard() == Told{"cleared crowding:door"});
  CHECK(stage.last().clear_reason == "removed");
  stage.config.cameras[0].analyzers.clear();
  stage.reload();
  CHECK(stage.heard() == Told{"cleared crowding:hall", "cleared dwell:table 7"});
  CHECK(stage.last().clear_reason == "disabled");
  stage.config.cameras.pop_back();
  stage.reload();
  CHECK(stage.heard() == Told{"cleared crowding"});
  CHECK(stage.last().clear_reason == "removed");
  stage.say({condition("crowding")}, "yard");  // a worker left behind speaks late
  CHECK(stage.heard().empty());
}

TEST_CASE("too many conditions of a plugin are one alarm more") {
  EngineStage stage;
  std::vector<sdk::Condition> list;
  for (int i = 0; i < 300; ++i) list.push_back(condition("kind" + std::to_string(i)));
  stage.say(list);
  const auto told = stage.heard();
  CHECK(told.size() == 257);
  CHECK(told.back() == "raised too_many_conditions");
  stage.say({});
  stage.pass(5s);
  CHECK(stage.heard().size() == 257);

  for (int i = 0; i < 3; ++i) stage.say({condition("too_many_conditions")});  // the host says it by itself
  stage.pass(1min);
  CHECK(stage.heard() == Told{"raised too_many_conditions"});
  stage.say({});
  stage.pass(5s);
  CHECK(stage.heard() == Told{"cleared too_many_conditions"});
}

TEST_CASE("shelved: whoever has heard of it hears on, nobody new does, and it is told when the shelf ends") {
  EngineStage stage;
  stage.say({condition("crowding")});
  const std::string id = stage.last().id;
  stage.engine.shelve(*stage.engine.find(id), 30min, stage.now);
  stage.collect();
  CHECK(stage.decided.back().notices.size() == 1);
  CHECK(*stage.last().shelved_until == stage.now.wall + 30min);
  stage.say({});
  stage.pass(5s);
  CHECK(stage.heard() == Told{"raised crowding", "updated crowding", "cleared crowding"});
  CHECK(stage.decided.back().notices.size() == 1);

  stage.say({condition("crowding")});  // the same key, another alarm: still on the shelf
  CHECK(stage.last().id != id);
  CHECK(stage.last().shelved_until.has_value());
  CHECK(stage.decided.back().notices.empty());
  stage.pass(31min);
  REQUIRE(stage.decided.back().notices.size() == 1);
  CHECK(stage.decided.back().notices[0].type == daemon::AlarmChange::Type::raised);
  CHECK_FALSE(stage.last().shelved_until.has_value());
}

TEST_CASE("the site on the shelf tells no sink until it is taken down") {
  EngineStage stage;
  stage.engine.shelve_site(60min, stage.now);
  stage.say({condition("crowding"), condition("dwell")});
  CHECK(stage.decided.back().notices.empty());
  stage.say({condition("crowding")});
  stage.pass(5s);
  CHECK(stage.decided.back().notices.empty());  // cleared before anybody heard of it
  const auto before = stage.decided.size();
  stage.engine.shelve_site(0min, stage.now);
  stage.collect();
  REQUIRE(stage.decided.size() == before + 1);
  CHECK(stage.decided.back().notices.size() == 1);
  CHECK_FALSE(stage.engine.site_shelved_until().has_value());
}

TEST_CASE("people acknowledge once, and clear what is not so any more") {
  EngineStage stage;
  stage.say({condition("crowding")});
  const std::string id = stage.last().id;
  stage.engine.acknowledge(id, "ops", stage.now);
  stage.engine.acknowledge(id, "another", stage.now);
  stage.collect();
  CHECK(stage.heard() == Told{"raised crowding", "acknowledged crowding"});
  CHECK(stage.last().acknowledged_by == "ops");
  CHECK_FALSE(stage.engine.clear(id, stage.now));
  stage.say({});
  CHECK(stage.engine.clear(id, stage.now));
  stage.collect();
  CHECK(stage.heard() == Told{"cleared crowding"});
  CHECK(stage.last().clear_reason == "operator");
}

TEST_CASE("after a restart alarms stay until their analyzer speaks, and are cleared when it says so") {
  EngineStage before;
  before.say({condition("crowding"), condition("dwell")});
  sdk::Event event;
  event.kind = "line_crossed";
  before.happen(event);
  before.engine.own("", condition("delivery_failing"), before.now);
  before.collect();

  EngineStage after;
  after.now.wall += 3s;
  after.engine.restore(before.kept(), {}, after.now);
  after.collect();
  after.pass(6s);
  CHECK(after.heard().empty());
  after.pass(2s);
  CHECK(after.heard() == Told{"cleared line_crossed"});  // held for ten seconds in all
  after.say({condition("crowding")});
  after.pass(30s);
  CHECK(after.heard() == Told{"cleared dwell"});
  CHECK(after.decided.back().notices.size() == 1);  // the sink that heard of the raise
  after.pass(40s);
  CHECK(after.heard() == Told{"cleared delivery_failing"});
  CHECK(after.engine.find(before.decided[0].change.alarm.id) != nullptr);
}

TEST_CASE("after a restart alarms of cameras that are gone or silent are cleared too") {
  EngineStage before;
  before.say({condition("crowding")}, "yard");
  before.say({condition("crowding")});
  before.state("lobby", TransportState::offline);
  before.pass(10s);
  auto config = alarm_config();
  config.cameras.pop_back();
  EngineStage after(config);
  after.state("lobby", TransportState::connecting);
  after.engine.restore(before.kept(), {}, after.now);
  after.collect();
  CHECK(after.heard() == Told{"cleared crowding"});
  CHECK(after.last().clear_reason == "removed");
  after.pass(10min);
  CHECK(after.heard() == Told{"cleared crowding"});
  CHECK(after.last().clear_reason == "source_lost");
  after.state("lobby", TransportState::streaming);
  after.pass(5s);
  CHECK(after.heard() == Told{"cleared camera_offline"});
}

TEST_CASE("whatever happens, raise and clear alternate for every alarm and revisions grow by one") {
  std::mt19937 random(7);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 20; ++round) {
    EngineStage stage;
    stage.config.alarms.off_delay = 2s;
    stage.reload();
    for (int step = 0; step < 400; ++step) {
      std::vector<sdk::Condition> list;
      for (int k = 0; k < 4; ++k) {
        if (pick(2)) list.push_back(condition("kind" + std::to_string(k), pick(2)));
      }
      const auto state = static_cast<TransportState>(pick(6));
      sdk::Event event;
      event.kind = "event";
      switch (pick(8)) {
        case 0:
          stage.state("lobby", state);
          break;
        case 1:
          stage.happen(event);
          break;
        case 2:
          stage.config.cameras[0].enabled = pick(2);
          stage.reload();
          break;
        case 3:
          stage.engine.shelve_site(std::chrono::minutes{pick(3)}, stage.now);
          break;
        case 4:
          stage.pass(std::chrono::seconds{pick(700)});
          break;
        default:
          stage.say(list);
      }
      stage.pass(std::chrono::milliseconds{pick(3000)});
    }
    stage.config.cameras.clear();
    stage.reload();
    std::map<std::string, std::int64_t> revisions;
    std::map<std::string, int> open;
    for (const auto& [change, notices, told, held] : stage.decided) {
      const std::string& id = change.alarm.id;
      CHECK(change.alarm.revision == ++revisions[id]);
      if (change.type == daemon::AlarmChange::Type::raised) CHECK(++open[id] == 1);
      if (change.type == daemon::AlarmChange::Type::cleared) CHECK(--open[id] == 0);
      for (const auto& notice : notices) {
        if (notice.type == daemon::AlarmChange::Type::raised) CHECK(++open[id + notice.sink] == 1);
        if (notice.type == daemon::AlarmChange::Type::cleared) CHECK(--open[id + notice.sink] == 0);
      }
    }
    for (const auto& [id, count] : open) CHECK(count == 0);
    CHECK(revisions.size() > 20);
    CHECK_FALSE(stage.engine.due() > stage.now.mono + 1h);
  }
}

// The small pure parts: routing, arming, ids, JSON.
#include <chrono>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/timestamp.h"
#include "daemon/alarms/alarm_json.h"
#include "daemon/alarms/arming.h"
#include "daemon/alarms/batch.h"
#include "daemon/alarms/routing.h"
#include "daemon/alarms/rulebook.h"
#include "daemon/alarms/uuid7.h"
#include "tests/support/catch.h"
#include "tests/unit/alarms/stage.h"

using namespace lynceus;
using namespace lynceus::daemon;
using namespace lynceus::test;
using namespace std::chrono_literals;
using Type = AlarmChange::Type;

namespace {

Alarm raised(const std::string& kind, sdk::Severity severity) {
  Alarm alarm;
  alarm.id = "0190";
  alarm.camera = "lobby";
  alarm.kind = alarm.key = kind;
  alarm.severity = severity;
  alarm.state = Alarm::State::raised;
  return alarm;
}

WallTime at(const char* text) { return *parse_rfc3339(text); }

camera::ArmWindow window(std::vector<int> days, std::chrono::minutes from, std::chrono::minutes to) {
  camera::ArmWindow window;
  window.days = std::move(days);
  window.from = from;
  window.to = to;
  return window;
}

}  // namespace

TEST_CASE("a sink hears what passes its filter, and of what it heard everything") {
  config::NotifySettings settings;
  settings.sinks = {sink("all"), sink("grave"), sink("yard"), sink("dwell"), sink("off")};
  settings.sinks[1].filter.least = sdk::Severity::critical;
  settings.sinks[2].filter.cameras = {"yard"};
  settings.sinks[3].filter.kinds = {"dwell", "crowding"};
  settings.sinks[4].enabled = false;
  std::vector<std::string> told;
  auto alarm = raised("crowding", sdk::Severity::warning);
  const auto sinks = [&](Type type, bool quiet = false) {
    std::string text;
    for (const auto& notice : route(settings, alarm, type, quiet, told)) {
      text += notice.sink + "=" + name(notice.type) + " ";
    }
    return text;
  };
  CHECK(sinks(Type::raised, true).empty());
  CHECK(sinks(Type::raised) == "all=raised dwell=raised ");
  alarm.severity = sdk::Severity::critical;
  CHECK(sinks(Type::updated) == "all=updated grave=raised dwell=updated ");
  settings.sinks[0].filter.kinds = {"other"};
  alarm.state = Alarm::State::cleared;
  CHECK(sinks(Type::cleared, true) == "all=cleared grave=cleared dwell=cleared ");
  settings.sinks[0].enabled = false;
  CHECK(sinks(Type::cleared) == "grave=cleared dwell=cleared ");
}

TEST_CASE("windows of hours: days, over midnight, in a time zone, over the change of its clocks") {
  const LocalTime berlin("Europe/Berlin"), utc("UTC");
  CHECK(utc.at(at("2026-03-01T12:34:56.000Z")).day == 6);  // a Sunday
  CHECK(utc.at(at("2026-03-01T12:34:56.000Z")).time == 12h + 34min);
  CHECK(utc.at(at("1969-12-31T23:59:00.000Z")).day == 2);
  CHECK(berlin.at(at("2026-03-29T00:59:00.000Z")).time == 1h + 59min);
  CHECK(berlin.at(at("2026-03-29T01:00:00.000Z")).time == 3h);
  CHECK(berlin.at(at("2026-12-31T23:30:00.000Z")).day == 4);

  const auto on = [](const std::vector<camera::ArmWindow>& windows, int day, std::chrono::minutes time) {
    return armed(windows, {day, time});
  };
  CHECK(on({}, 3, 4h));
  const auto work = window({0, 1, 2, 3, 4}, 9h, 17h);
  CHECK(on({work}, 0, 9h));
  CHECK_FALSE(on({work}, 0, 17h));
  CHECK_FALSE(on({work}, 5, 10h));
  const auto night = window({4}, 22h, 6h);  // Friday night
  CHECK(on({night}, 4, 23h));
  CHECK(on({night}, 5, 5h + 59min));
  CHECK_FALSE(on({night}, 4, 3h));
  CHECK_FALSE(on({night}, 5, 6h));
  CHECK(on({work, night}, 4, 22h));
  CHECK(on({window({}, 0h, 24h)}, 2, 23h + 59min));
}

TEST_CASE("ids are of version 7, carry their time and grow even when the clock goes back") {
  Uuid7 ids;
  const WallTime now{std::chrono::milliseconds{0x0190'1234'5678}};
  std::set<std::string> seen;
  std::string last;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = ids.next(i < 5'000 ? now : now - 1h);
    REQUIRE(id.size() == 36);
    CHECK(id[14] == '7');
    CHECK((id[19] == '8' || id[19] == '9' || id[19] == 'a' || id[19] == 'b'));
    CHECK(id > last);
    last = id;
    seen.insert(id);
  }
  CHECK(seen.size() == 10'000);
  CHECK(seen.begin()->substr(0, 13) == "01901234-5678");
}

TEST_CASE("an alarm is the same after its way through JSON; nothing in it breaks the text") {
  Alarm alarm = raised("crowding", sdk::Severity::critical);
  alarm.revision = 4;
  alarm.site = "plant";
  alarm.plugin = "people";
  alarm.key = "crowding:door";
  alarm.zone = "door";
  alarm.summary = "5 \"people\" \n";
  alarm.value = 5;
  alarm.limit = 4.5;
  alarm.unit = "people";
  alarm.raised_at = at("2026-03-01T12:34:56.789Z");
  alarm.acknowledged_at = alarm.raised_at + 1s;
  alarm.acknowledged_by = "token:ops";
  alarm.cleared_at = alarm.raised_at + 2s;
  alarm.shelved_until = alarm.raised_at + 30min;
  alarm.clip_from = alarm.raised_at - 5s;
  alarm.clear_reason = "operator";
  alarm.count = 3;
  alarm.durable = false;
  alarm.snapshot = alarm.clip = true;
  const auto back = alarm_from_json(to_json(alarm));
  REQUIRE(back.has_value());
  CHECK(to_json(*back) == to_json(alarm));
  CHECK(back->clip_from == alarm.clip_from);
  CHECK(back->limit == 4.5);
  CHECK(to_json(alarm).find("\"snapshot\":\"/api/v1/alarms/0190/snapshot.jpg\"") != std::string::npos);

  alarm.value = std::nan("");
  alarm.summary = "\xff\xfe";
  CHECK(to_json(alarm).find("\"value\":null") != std::string::npos);
  CHECK(alarm_from_json(to_json(alarm)).has_value());
  for (const char* text : {"", "[]", "{}", "{\"id\":7}", "null", "{\"id\":\"x\",\"state\":\"raised\"}"}) {
    CHECK_FALSE(alarm_from_json(text).has_value());
  }
  for (const char* text : {"", "2026-13-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01T00:00:00.000Zx"}) {
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("rows in memory collapse to the latest of each alarm and sink") {
  Batch batch;
  for (int i = 1; i <= 10; ++i) {
    Owed owed;
    owed.row = i;
    owed.sink = i % 2 ? "a" : "b";
    owed.change.alarm.id = i <= 6 ? "x" : "y";
    batch.rows.emplace(i, owed);
  }
  CHECK(batch.collapse(10) == 0);
  CHECK(batch.collapse(9) == 6);
  std::vector<std::int64_t> left;
  for (const auto& [row, owed] : batch.rows) left.push_back(row);
  CHECK(left == std::vector<std::int64_t>{5, 6, 9, 10});
}

TEST_CASE("alarms in memory are bounded: the oldest that are over go") {
  Batch batch;
  for (int i = 0; i < 6; ++i) {
    Kept kept;
    kept.alarm.state = i == 0 || i == 3 ? Alarm::State::raised : Alarm::State::cleared;
    batch.alarms.emplace(std::to_string(i), kept);
  }
  CHECK(batch.forget(6).empty());
  CHECK(batch.forget(3) == std::vector<std::string>{"1", "2", "4"});
  CHECK(batch.forget(1) == std::vector<std::string>{"5"});
  CHECK(batch.alarms.size() == 2);
}

TEST_CASE("a reconnect within seconds is no alarm unless the file says so") {
  auto config = alarm_config();
  CHECK(Rulebook(config).rule("camera_offline").on_delay == 10s);
  CHECK(Rulebook(config).rule("camera_frozen").on_delay == 0s);
  config.alarms.on_delay = 30s;
  CHECK(Rulebook(config).rule("camera_offline").on_delay == 30s);
  config.alarms.kinds["camera_offline"].on_delay = 1s;
  CHECK(Rulebook(config).rule("camera_offline").on_delay == 1s);
}

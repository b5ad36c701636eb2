#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/log.h"
#include "daemon/alarms/alarm_desk.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/alarms/heard.h"
#include "tests/unit/alarms/losing_vfs.h"
#include "tests/unit/alarms/stage.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::Alarm;
using daemon::AlarmChange;
using daemon::AlarmDesk;

namespace {

AlarmDesk::Settings at(const TempFolder& folder) { return desk_settings(folder.path()); }

template <class Ask>
AlarmDesk::Result ask(Ask question) {
  std::promise<AlarmDesk::Result> answer;
  question([&](const AlarmDesk::Result& result) { answer.set_value(result); });
  return answer.get_future().get();
}

config::Config quick() {
  auto config = alarm_config();
  config.alarms.off_delay = 0ms;
  return config;
}

}  // namespace

TEST_CASE("a condition is raised, written, owed, told, acknowledged and cleared") {
  TempFolder folder;
  Heard heard;
  AlarmDesk desk(at(folder), quick(), system_clock());
  desk.add_listener(heard);
  desk.start();
  desk.report(report("lobby", {condition("crowding")}));
  REQUIRE(desk.flush(5s));
  const auto raised = desk.raised();
  REQUIRE(raised.size() == 1);
  CHECK(raised[0].kind == "crowding");
  CHECK(raised[0].site == "plant");
  CHECK(raised[0].durable);
  CHECK(heard.changes().size() == 1);
  CHECK(desk.outbox().pending("hook", 0, 10).size() == 1);

  const auto result = ask([&](auto done) { desk.acknowledge(raised[0].id, "token:ops", done); });
  CHECK(result.outcome == AlarmDesk::Result::Outcome::done);
  CHECK(result.alarm->acknowledged_by == "token:ops");
  CHECK(ask([&](auto done) { desk.clear(raised[0].id, "ops", done); }).outcome == AlarmDesk::Result::Outcome::active);
  CHECK(ask([&](auto done) { desk.acknowledge("none", "ops", done); }).outcome == AlarmDesk::Result::Outcome::unknown);

  desk.report(report("lobby", {}));
  REQUIRE(desk.flush(5s));
  CHECK(desk.raised().empty());
  CHECK(desk.find(raised[0].id)->state == Alarm::State::cleared);
  const auto rows = desk.outbox().pending("hook", 0, 10);
  REQUIRE(rows.size() == 3);
  CHECK(rows[2].id() == raised[0].id + ".3");
  desk.outbox().delivered("hook", {rows[0].row, rows[1].row});
  CHECK(desk.outbox().pending("hook", 0, 10).size() == 1);
  REQUIRE(desk.flush(5s));
  CHECK(desk.outbox().pending("hook", 0, 10).size() == 1);
  CHECK(desk.list({}).alarms.size() == 1);
}

TEST_CASE("what was raised and owed is there after a restart, and is cleared when its analyzer speaks") {
  TempFolder folder;
  std::string id;
  {
    AlarmDesk desk(at(folder), quick(), system_clock());
    desk.start();
    desk.report(report("lobby", {condition("crowding")}));
    REQUIRE(desk.flush(5s));
    id = desk.raised().at(0).id;
  }
  AlarmDesk desk(at(folder), quick(), system_clock());
  desk.start();
  REQUIRE(desk.flush(5s));
  REQUIRE(desk.raised().size() == 1);
  CHECK(desk.raised()[0].id == id);
  CHECK(desk.outbox().pending("hook", 0, 10).size() == 1);
  desk.report(report("lobby", {}));
  REQUIRE(desk.flush(5s));
  CHECK(desk.raised().empty());
  CHECK(desk.find(id)->clear_reason == "condition");
  const auto rows = desk.outbox().pending("hook", 0, 10);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].row < rows[1].row);
}

TEST_CASE("while the database refuses writes all goes on in memory, and is written when it can be") {
  log::capture([](std::string_view) {});
  TempFolder folder;
  LosingVfs vfs(1'000'000);
  auto settings = at(folder);
  settings.vfs = vfs.name();
  settings.retry = 5ms;
  std::string before, during;
  {
    Heard heard;
    AlarmDesk desk(settings, quick(), system_clock());
    desk.add_listener(heard);
    desk.start();
    desk.report(report("lobby", {condition("crowding")}));
    REQUIRE(desk.flush(5s));
    before = desk.raised().at(0).id;

    vfs.refuse(true);
    desk.report(report("lobby", {condition("dwell")}));
    CHECK_FALSE(desk.flush(5s));
    CHECK_FALSE(desk.durable());
    const auto changes = heard.changes();
    REQUIRE(changes.size() == 4);  // raised; cleared, raised; storage_failed
    CHECK(changes[0].alarm.durable);
    for (std::size_t i = 1; i < 4; ++i) CHECK_FALSE(changes[i].alarm.durable);
    CHECK(changes[3].alarm.kind == "storage_failed");
    const auto seen = desk.list({}).alarms;
    REQUIRE(seen.size() == 3);
    for (const auto& alarm : seen) {
      if (alarm.kind == "dwell") during = alarm.id;
      CHECK_FALSE(alarm.durable);
    }
    CHECK(desk.find(before)->state == Alarm::State::cleared);
    CHECK(ask([&](auto done) { desk.acknowledge(before, "ops", done); }).alarm->acknowledged_by == "ops");
    auto rows = desk.outbox().pending("hook", 0, 10);
    REQUIRE(rows.size() == 5);
    for (std::size_t i = 1; i < 5; ++i) CHECK(rows[i].change.alarm.durable == false);
    desk.outbox().delivered("hook", {rows[0].row, rows[1].row});
    desk.outbox().refused("hook", rows[2].row, "503", system_clock().wall());
    rows = desk.outbox().pending("hook", 0, 10);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].attempts == 1);
    CHECK(desk.outbox().backlog("hook").pending >= 3);

    vfs.refuse(false);
    REQUIRE(desk.flush(5s));
    CHECK(desk.durable());
    CHECK(desk.find(during)->durable);
    rows = desk.outbox().pending("hook", 0, 10);
    REQUIRE(rows.size() == 4);  // and storage_failed is over
    for (const auto& row : rows) CHECK(row.change.alarm.durable);
    CHECK(rows[0].attempts == 1);
    CHECK(rows[3].change.alarm.kind == "storage_failed");
    CHECK(rows[3].change.type == AlarmChange::Type::cleared);
  }
  AlarmDesk again(at(folder), quick(), system_clock());
  CHECK(again.find(before)->acknowledged_by == "ops");
  CHECK(again.find(during)->state == Alarm::State::raised);
  CHECK(again.outbox().pending("hook", 0, 10).size() == 4);
  log::capture({});
}

TEST_CASE("what came and went between two looks of the desk is an alarm all the same") {
  TempFolder folder;
  AlarmDesk desk(at(folder), quick(), system_clock());
  sdk::Event event;
  event.kind = "line_crossed";
  desk.report(report("lobby", {condition("crowding")}));
  desk.report(report("lobby", {}, {event, event}));
  desk.report(report("lobby", {}));
  desk.start();
  REQUIRE(desk.flush(5s));
  CHECK(desk.list({}).alarms.size() == 2);
  REQUIRE(desk.raised().size() == 1);
  CHECK(desk.raised()[0].kind == "line_crossed");
  CHECK(desk.raised()[0].count == 2);
}

TEST_CASE("pages of alarms go on where the last one ended, filtered alike") {
  TempFolder folder;
  auto config = quick();
  config.alarms.flap_count = 0;
  AlarmDesk desk(at(folder), config, system_clock());
  desk.start();
  for (int i = 0; i < 25; ++i) {
    desk.report(report(i % 5 == 0 ? "yard" : "lobby", {condition("kind" + std::to_string(i))}));
    REQUIRE(desk.flush(5s));
  }
  AlarmDesk::Query query;
  query.limit = 10;
  std::vector<std::string> kinds;
  std::size_t pages = 0;
  do {
    const auto page = desk.list(query);
    for (const auto& alarm : page.alarms) kinds.push_back(alarm.kind);
    query.cursor = page.next;
    ++pages;
  } while (!query.cursor.empty());
  CHECK(pages == 3);
  REQUIRE(kinds.size() == 25);
  for (int i = 0; i < 25; ++i) CHECK(kinds[static_cast<std::size_t>(i)] == "kind" + std::to_string(24 - i));

  query = {};
  query.camera = "yard";
  CHECK(desk.list(query).alarms.size() == 5);
  query.state = Alarm::State::raised;
  CHECK(desk.list(query).alarms.size() == 1);
  query = {};
  query.severity = sdk::Severity::critical;
  CHECK(desk.list(query).alarms.empty());
  query = {};
  query.since = desk.list({}).alarms.at(4).raised_at;
  CHECK(desk.list(query).alarms.size() >= 5);
  query.until = *query.since - 1ms;
  CHECK(desk.list(query).alarms.empty());
  for (const char* cursor : {"x", "5", "5x", ".", "99999999999999999999.x"}) {
    query.cursor = cursor;
    REQUIRE_THROWS_AS(desk.list(query), std::invalid_argument);
  }
}

TEST_CASE("parked deliveries wait for a replay, also over a restart") {
  TempFolder folder;
  std::int64_t parked = 0;
  {
    AlarmDesk desk(at(folder), quick(), system_clock());
    desk.start();
    desk.report(report("lobby", {condition("crowding")}));
    desk.report(report("yard", {condition("crowding")}));
    REQUIRE(desk.flush(5s));
    const auto rows = desk.outbox().pending("hook", 0, 10);
    REQUIRE(rows.size() == 2);
    parked = rows[0].row;
    desk.outbox().park("hook", rows[0].change.alarm.id, "400 Bad Request");
    CHECK(desk.outbox().pending("hook", 0, 10).size() == 1);
    REQUIRE(desk.flush(5s));
  }
  AlarmDesk desk(at(folder), quick(), system_clock());
  std::promise<std::vector<std::string>> woken;
  desk.outbox().on_owed([&](const std::vector<std::string>& sinks) { woken.set_value(sinks); });
  desk.start();
  CHECK(desk.outbox().backlog("hook").failed == 1);
  CHECK(desk.outbox().backlog("hook").pending == 1);
  const auto failed = desk.outbox().list(daemon::Owed::State::failed, "", 0, 10).rows;
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].row == parked);
  CHECK(failed[0].last_error == "400 Bad Request");
  std::promise<bool> there, absent;
  desk.outbox().replay(parked, [&](bool yes) { there.set_value(yes); });
  CHECK(there.get_future().get());
  CHECK(woken.get_future().get() == std::vector<std::string>{"hook"});
  desk.outbox().replay(999, [&](bool yes) { absent.set_value(yes); });
  CHECK_FALSE(absent.get_future().get());
  CHECK(desk.outbox().pending("hook", 0, 10).size() == 2);
  const auto page = desk.outbox().list(std::nullopt, "", 0, 1);
  REQUIRE(page.next.has_value());
  CHECK(desk.outbox().list(std::nullopt, "", *page.next, 1).rows.size() == 1);
}

TEST_CASE("rows and alarms beyond their bounds go, the latest of each alarm stays owed") {
  TempFolder folder;
  auto config = quick();
  config.alarms.keep_rows = 3;
  config.alarms.flap_count = 0;
  config.notify.max_rows = 4;
  {
    AlarmDesk desk(at(folder), config, system_clock());
    desk.start();
    for (int i = 0; i < 10; ++i) {
      desk.report(report("lobby", {condition("crowding")}));
      REQUIRE(desk.flush(5s));
      desk.report(report("lobby", {}));
      REQUIRE(desk.flush(5s));
    }
  }
  log::capture([](std::string_view) {});
  AlarmDesk desk(at(folder), config, system_clock());
  desk.start();
  for (int i = 0; i < 2; ++i) REQUIRE(desk.flush(5s));
  log::capture({});
  CHECK(desk.list({}).alarms.size() == 3);
  const auto rows = desk.outbox().pending("hook", 0, 100);
  CHECK(rows.size() == 10);
  for (const auto& row : rows) CHECK(row.change.type == AlarmChange::Type::cleared);
}

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/alarms/alarm_desk.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/alarms/stage.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::Alarm;
using daemon::AlarmChange;
using daemon::AlarmDesk;

namespace {

class Heard final : public daemon::AlarmListener {
 public:
  void on_changes(std::span<const AlarmChange> changes) override {
    std::lock_guard lock(mutex_);
    changes_.insert(changes_.end(), changes.begin(), changes.end());
  }
  std::vector<AlarmChange> changes() const {
    std::lock_guard lock(mutex_);
    return changes_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<AlarmChange> changes_;
};

AlarmDesk::Settings at(const TempFolder& folder) {
  AlarmDesk::Settings settings;
  settings.file = folder.path() + "/alarms.db";
  settings.gather = 1ms;
  settings.low_bytes = 0;
  return settings;
}

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

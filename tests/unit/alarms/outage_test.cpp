// A receiver that is gone for ten minutes, and everybody talking to the desk at once.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/alarms/heard.h"
#include "tests/unit/alarms/stage.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::AlarmChange;
using daemon::AlarmDesk;

namespace {

config::Config quick() {
  auto config = alarm_config();
  config.alarms.off_delay = 0ms;
  return config;
}

double resident_mib() {
  std::ifstream file("/proc/self/statm");
  long all = 0, resident = 0;
  file >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

std::vector<sdk::Condition> twenty(int second) {
  std::vector<sdk::Condition> list;
  for (int i = 0; i < 20; ++i) list.push_back(condition("kind" + std::to_string(second * 20 + i)));
  return list;
}

/// Takes all that is owed, a page at a time, as a lane does; checks the order.
std::int64_t deliver_all(AlarmDesk& desk) {
  std::int64_t count = 0, last = 0;
  std::map<std::string, std::int64_t> revisions;
  for (;;) {
    const auto rows = desk.outbox().pending("hook", last, 100);
    if (rows.empty()) return count;
    std::vector<std::int64_t> numbers;
    for (const auto& owed : rows) {
      REQUIRE(owed.row > last);
      REQUIRE(owed.change.alarm.revision == ++revisions[owed.change.alarm.id]);
      last = owed.row;
      numbers.push_back(owed.row);
    }
    desk.outbox().delivered("hook", numbers);
    count += std::ssize(rows);
  }
}

}  // namespace

TEST_CASE("ten minutes without a receiver: memory stays flat, all that is owed comes in order", "[heavy]") {
  TempFolder folder;
  FakeClock clock;
  AlarmDesk desk(desk_settings(folder.path()), quick(), clock);
  desk.start();
  double early = 0;
  constexpr int kSeconds = 600;
  for (int second = 0; second < kSeconds; ++second) {
    desk.report(report("lobby", twenty(second)));
    clock.advance(1s);
    REQUIRE(desk.flush(10s));
    if (second == kSeconds / 5) early = resident_mib();
  }
  CHECK(resident_mib() - early < 8);
  desk.report(report("lobby", {}));
  REQUIRE(desk.flush(10s));
  CHECK(desk.outbox().backlog("hook").pending == 2 * 20 * kSeconds);
  CHECK(deliver_all(desk) == 2 * 20 * kSeconds);
  REQUIRE(desk.flush(10s));
  CHECK(desk.outbox().backlog("hook").pending == 0);
}

TEST_CASE("everybody at once: reports, orders, lists, deliveries, reloads; nothing is lost or told twice") {
  TempFolder folder;
  Heard heard;
  auto config = quick();
  config.alarms.flap_count = 0;
  std::set<std::string> delivered;
  std::atomic<int> answers{0};
  constexpr int kRounds = 150;
  {
    AlarmDesk desk(desk_settings(folder.path()), config, system_clock());
    desk.add_listener(heard);
    desk.start();
    std::atomic<bool> over{false};
    std::vector<std::jthread> threads;
    for (const char* camera : {"lobby", "yard"}) {
      threads.emplace_back([&desk, camera] {
        for (int i = 0; i < kRounds; ++i) {
          desk.report(report(camera, {condition("crowding", i % 2 == 0), condition("dwell", i % 3 == 0)}));
          desk.camera_state(camera, ingest::TransportState::streaming, "");
        }
      });
    }
    threads.emplace_back([&] {
      for (int i = 0; i < kRounds; ++i) {
        for (const auto& alarm : desk.list({}).alarms) {
          if (i % 10 == 0) desk.acknowledge(alarm.id, "ops", [&](const auto&) { ++answers; });
          desk.find(alarm.id);
        }
        desk.raised();
        desk.configured(config);
      }
    });
    std::jthread lane([&] {
      while (!over || !desk.outbox().pending("hook", 0, 1).empty()) {
        for (const auto& owed : desk.outbox().pending("hook", 0, 20)) {
          delivered.insert(owed.id());
          desk.outbox().delivered("hook", {owed.row});
        }
      }
    });
    threads.clear();  // joins
    desk.report(report("lobby", {}));
    desk.report(report("yard", {}));
    REQUIRE(desk.flush(10s));
    over = true;
  }
  std::map<std::string, std::int64_t> revisions;
  std::map<std::string, int> open;
  for (const AlarmChange& change : heard.changes()) {
    const auto& alarm = change.alarm;
    CHECK(alarm.revision == ++revisions[alarm.id]);
    CHECK(delivered.contains(alarm.id + "." + std::to_string(alarm.revision)));
    if (change.type == AlarmChange::Type::raised) ++open[alarm.id];
    if (change.type == AlarmChange::Type::cleared) --open[alarm.id];
  }
  for (const auto& [id, count] : open) CHECK(count == 0);
  CHECK(delivered.size() == heard.changes().size());
}

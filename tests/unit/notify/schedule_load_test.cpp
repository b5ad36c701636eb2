// Many changes and bad receivers: all arrive, in order, in little memory.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "tests/support/catch.h"
#include "tests/unit/notify/schedule_stage.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

/// The receiver fails half of the time, at random; everything arrives, each alarm in order.
TEST_CASE("a receiver that fails every other time") {
  Stage stage;
  std::uint32_t random = 12345;
  const auto coin = [&] { return ((random = random * 1664525u + 1013904223u) >> 16 & 1u) != 0; };
  std::map<std::string, std::int64_t> last;
  std::int64_t revision = 0;
  std::size_t owed = 0;
  for (int tick = 0; tick < 60'000; ++tick) {
    if (tick < 30'000 && tick % 25 == 0) {
      stage.owe(tick / 25 % 200, ++revision);
      ++owed;
    }
    while (const auto parcel = stage.next()) {
      stage.last = parcel->id;
      if (coin()) {
        stage.done({Kind::later, 1s, "HTTP 503"});
        continue;
      }
      stage.done(kDelivered);
      const auto& alarm = parcel->rows[0].change.alarm;
      REQUIRE(alarm.revision > last[alarm.id]);
      last[alarm.id] = alarm.revision;
    }
    stage.pass(1ms);
  }
  REQUIRE(stage.outbox.deliveries().size() == owed);
}

TEST_CASE("ten minutes out of reach with 20,000 owed: in order after, and memory stays small") {
  Stage stage;
  std::size_t most_held = 0;
  int owed = 0, attempts = 0;
  for (int tick = 0; tick < 600; ++tick) {
    for (int i = 0; i < 33; ++i) stage.owe(++owed);
    while (!stage.next_rows(1).empty()) {
      stage.done(kUnreachable);
      ++attempts;
    }
    most_held = std::max(most_held, stage.schedule.held());
    stage.pass(1s);
  }
  REQUIRE(attempts <= 12);
  while (stage.outbox.backlog("ops").pending > 0) {
    const auto parcel = stage.next(1);
    if (!parcel) {
      REQUIRE(stage.wait(1) <= 300s);
      stage.pass(std::max(stage.wait(1), 1ms));
      continue;
    }
    stage.schedule.done(parcel->id, kDelivered, stage.now);
    most_held = std::max(most_held, stage.schedule.held());
    stage.pass(1ms);
  }
  const Rows delivered = stage.outbox.deliveries();
  REQUIRE(delivered.size() == static_cast<std::size_t>(owed));
  REQUIRE(std::is_sorted(delivered.begin(), delivered.end()));
  REQUIRE(most_held <= 600);
  REQUIRE(stage.outbox.reads() < 10'000);
}

TEST_CASE("one alarm with a thousand changes that fail does not hide the others") {
  Stage stage;
  for (int revision = 1; revision <= 1500; ++revision) stage.owe(1, revision);
  stage.owe(2);
  REQUIRE(stage.next_rows(1) == Rows{1});
  stage.done({Kind::later, 60s, "HTTP 500"});
  Rows found;
  for (int i = 0; i < 20 && found.empty(); ++i) found = stage.next_rows();
  REQUIRE(found == Rows{1501});
  stage.done(kDelivered);
  stage.pass(60s);
  REQUIRE(stage.next_rows() == Rows{1});
  stage.done(kDelivered);
  for (std::int64_t row = 2; row <= 1500; ++row) {
    Rows rows;
    for (int i = 0; i < 20 && rows.empty(); ++i) rows = stage.next_rows();
    REQUIRE(rows == Rows{row});
    stage.done(kDelivered);
  }
}

TEST_CASE("an idle sink asks for nothing") {
  Stage stage;
  stage.owe(1);
  stage.next_rows();
  stage.done(kDelivered);
  while (stage.wait() <= 1s) {
    stage.pass(stage.wait());
    REQUIRE(stage.next_rows().empty());
  }
  REQUIRE(stage.wait() == 1000h);
  REQUIRE(stage.outbox.reads() <= 4);
}

}  // namespace
}  // namespace lynceus::test

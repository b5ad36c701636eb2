// What is sent when, in virtual time: order, backoff, rests, parking, replay.
#include <algorithm>
#include <chrono>

#include "tests/support/catch.h"
#include "tests/unit/notify/schedule_stage.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

TEST_CASE("rows go in order, one after the other, and are reported") {
  Stage stage;
  stage.owe(1);
  stage.owe(2);
  REQUIRE(stage.next_rows(1) == Rows{1});
  REQUIRE(stage.next_rows(1).empty());
  REQUIRE(stage.done(kDelivered).delivered == 1);
  REQUIRE(stage.next_rows(1) == Rows{2});
  stage.done(kDelivered);
  REQUIRE(stage.outbox.deliveries() == Rows{1, 2});
  REQUIRE(stage.next_rows(1).empty());
  REQUIRE(stage.schedule.held() == 0);
}

TEST_CASE("several may be under way, of one alarm only one") {
  Stage stage;
  stage.owe(1, 1);
  stage.owe(1, 2);
  stage.owe(2);
  const auto first = stage.next(), second = stage.next();
  REQUIRE(rows_of(*first) == Rows{1});
  REQUIRE(rows_of(*second) == Rows{3});
  REQUIRE_FALSE(stage.next().has_value());
  REQUIRE(stage.wait() == 1000h);
  stage.schedule.done(second->id, kDelivered, stage.now);
  REQUIRE_FALSE(stage.next().has_value());
  stage.schedule.done(first->id, kDelivered, stage.now);
  REQUIRE(stage.next_rows() == Rows{2});
}

TEST_CASE("an alarm that waits holds up its own changes and no others") {
  Stage stage;
  stage.owe(1, 1);
  REQUIRE(stage.next_rows() == Rows{1});
  REQUIRE(stage.done(kLater).again == 1);
  stage.owe(1, 2);
  stage.owe(2);
  REQUIRE(stage.next_rows() == Rows{3});
  stage.done(kDelivered);
  REQUIRE(stage.next_rows().empty());
  stage.pass(999ms);
  REQUIRE(stage.next_rows().empty());
  stage.pass(1ms);
  REQUIRE(stage.next_rows() == Rows{1});
  REQUIRE(stage.next_rows().empty());  // its second change waits for the first
  stage.done(kDelivered);
  REQUIRE(stage.next_rows() == Rows{2});
  stage.done(kDelivered);
  REQUIRE(stage.outbox.deliveries() == Rows{3, 1, 2});
}

TEST_CASE("attempts come at 1, 2, 4 … 300 s and are written down") {
  Stage stage;
  stage.owe(1);
  for (const int expected : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
    REQUIRE(stage.next_rows() == Rows{1});
    stage.done(kLater);
    REQUIRE(stage.outbox.row(1)->next_attempt == stage.now.wall + std::chrono::seconds(expected));
    REQUIRE(stage.outbox.row(1)->last_error == "HTTP 500");
    while (stage.wait() == 0ms) stage.next();
    stage.pass(std::chrono::seconds(expected) - 1ms);
    REQUIRE_FALSE(stage.next().has_value());
    stage.pass(1ms);
  }
  REQUIRE(stage.outbox.row(1)->attempts == 11);
}

TEST_CASE("Retry-After is waited for, exactly") {
  Stage stage;
  stage.owe(1);
  REQUIRE(stage.next_rows() == Rows{1});
  stage.done({Kind::later, 7s, "HTTP 503"});
  stage.pass(6999ms);
  REQUIRE(stage.next_rows().empty());
  stage.pass(1ms);
  REQUIRE(stage.next_rows() == Rows{1});
}

TEST_CASE("429 stops the whole sink for as long as it says") {
  Stage stage;
  stage.owe(1);
  stage.owe(2);
  REQUIRE(stage.next_rows() == Rows{1});
  stage.done({Kind::slow_down, 5s, "HTTP 429"});
  REQUIRE(stage.next_rows().empty());
  REQUIRE(stage.wait() == 5s);
  stage.pass(5s);
  REQUIRE(stage.next_rows() == Rows{1});
}

TEST_CASE("a sink out of reach rests and is tried with the oldest, one at a time") {
  Stage stage;
  for (int alarm = 1; alarm <= 5; ++alarm) stage.owe(alarm);
  for (const int expected : {1, 2, 4, 8}) {
    REQUIRE(stage.next_rows(1) == Rows{1});
    REQUIRE(stage.next_rows(1).empty());
    stage.done(kUnreachable);
    REQUIRE(stage.wait() == std::chrono::seconds(expected));
    stage.pass(std::chrono::seconds(expected));
  }
  REQUIRE(stage.next_rows() == Rows{1});
  stage.done(kDelivered);
  const auto two = stage.next(), three = stage.next();
  REQUIRE(rows_of(*two) == Rows{2});
  REQUIRE(rows_of(*three) == Rows{3});
  REQUIRE(stage.outbox.row(4)->attempts == 0);
}

TEST_CASE("ten different ones refused in a row: the sink rests") {
  Stage stage;
  for (int alarm = 1; alarm <= 20; ++alarm) stage.owe(alarm);
  for (int i = 1; i <= 10; ++i) {
    REQUIRE(stage.next_rows() == Rows{i});
    stage.done({Kind::later, 60s, "HTTP 503"});
  }
  REQUIRE(stage.next_rows().empty());
  stage.pass(60s);
  REQUIRE(stage.next_rows() == Rows{1});
  REQUIRE(stage.next_rows().empty());
  stage.done(kDelivered);
  REQUIRE(stage.next_rows() == Rows{2});
}

TEST_CASE("one bad message alone never makes the sink rest") {
  Stage stage;
  stage.owe(1);
  for (int i = 0; i < 15; ++i) {
    REQUIRE(stage.next_rows() == Rows{1});
    stage.done(kLater);
    stage.pass(300s);
  }
  REQUIRE(stage.next_rows() == Rows{1});
  stage.done(kLater);
  const auto row = stage.owe(2);
  REQUIRE(stage.next_rows() == Rows{row});
}

TEST_CASE("refused for an hour: parked, with all of that alarm, and what comes later is sent") {
  Stage stage;
  stage.owe(1, 1);
  stage.owe(1, 2);
  stage.owe(2);
  std::size_t failed = 0;
  Rows sent;
  for (int i = 0; i < 200 && failed == 0; ++i) {
    const auto parcel = stage.next();
    if (!parcel) {
      stage.pass(std::max(stage.wait(), 1ms));
      continue;
    }
    stage.last = parcel->id;
    sent.push_back(parcel->rows[0].row);
    failed = stage.done(parcel->rows[0].change.alarm.id == "a1" ? kRefused : kDelivered).failed;
  }
  REQUIRE(failed == 1);
  REQUIRE(stage.now.mono - MonoTime{100s} >= 1h);
  REQUIRE(stage.now.mono - MonoTime{100s} <= 1h + 5min);
  REQUIRE(std::count(sent.begin(), sent.end(), 2) == 0);
  REQUIRE(stage.outbox.backlog("ops").failed == 2);
  REQUIRE(stage.outbox.deliveries() == Rows{3});
  REQUIRE(stage.schedule.held() == 0);
  const auto later = stage.owe(1, 3);
  REQUIRE(stage.next_rows() == Rows{later});
  stage.done(kDelivered);

  SECTION("a replay brings it back") {
    stage.pass(5s);
    stage.outbox.replay(1, [](bool there) { REQUIRE(there); });
    stage.schedule.owed();
    REQUIRE(stage.next_rows() == Rows{1});
  }
}

TEST_CASE("401, 403, 404 are tried for ever") {
  Stage stage;
  stage.owe(1);
  for (int i = 0; i < 100; ++i) {
    REQUIRE(stage.next_rows() == Rows{1});
    REQUIRE(stage.done({Kind::later, {}, "HTTP 404"}).failed == 0);
    stage.pass(301s);
  }
}

TEST_CASE("a replay of what waits makes it due") {
  Stage stage;
  stage.owe(1);
  REQUIRE(stage.next_rows() == Rows{1});
  stage.done({Kind::later, 1h, "HTTP 503"});
  stage.pass(10s);
  REQUIRE(stage.next_rows().empty());
  stage.outbox.replay(1, [](bool) {});
  stage.schedule.owed();
  stage.next();
  REQUIRE(stage.schedule.under_way() == 1);
}

TEST_CASE("what was written down before a start is kept to") {
  Stage stage;
  stage.owe(1, 1);
  stage.owe(1, 2);
  stage.owe(2);
  stage.outbox.refused("ops", 1, "HTTP 500", stage.now.wall + 30s);
  REQUIRE(stage.next_rows() == Rows{3});
  stage.done(kDelivered);
  REQUIRE(stage.next_rows().empty());
  REQUIRE(stage.wait() == 30s);
  stage.pass(30s);
  REQUIRE(stage.next_rows() == Rows{1});
  stage.done(kLater);
  REQUIRE(stage.outbox.row(1)->next_attempt == stage.now.wall + 2s);  // the second attempt
}

}  // namespace
}  // namespace lynceus::test

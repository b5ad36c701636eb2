// What is sent when, in virtual time: order, backoff, rests, parking, groups, rate, replay, memory.
#include "daemon/notify/schedule.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/unit/notify/fake_outbox.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using daemon::notify::Now;
using daemon::notify::Parcel;
using daemon::notify::Schedule;
using daemon::notify::Verdict;
using Kind = Verdict::Kind;
using Type = daemon::AlarmChange::Type;
using Rows = std::vector<std::int64_t>;

Rows rows_of(const Parcel& parcel) {
  Rows out;
  for (const auto& row : parcel.rows) out.push_back(row.row);
  return out;
}

struct Stage {
  explicit Stage(Schedule::Settings settings = {.sink = "ops"}) : schedule(settings, outbox, [] { return 0.5; }) {}

  std::int64_t owe(int alarm, std::int64_t revision = 1) {
    const auto row = outbox.owe("ops", change_of(alarm, revision));
    schedule.owed();
    return row;
  }
  void pass(std::chrono::milliseconds time) {
    now.mono += time;
    now.wall += time;
  }
  std::optional<Parcel> next(std::size_t most = 8) { return schedule.next(now, most); }
  /// The rows of the next parcel; empty: none.
  Rows next_rows(std::size_t most = 8) {
    const auto parcel = next(most);
    if (parcel) last = parcel->id;
    return parcel ? rows_of(*parcel) : Rows{};
  }
  Schedule::Report done(const Verdict& verdict) { return schedule.done(last, verdict, now); }
  /// How long until there is something to ask for.
  std::chrono::milliseconds wait(std::size_t most = 8) {
    const MonoTime at = schedule.wake_at(now, most);
    return at == MonoTime::max() ? 1000h : std::chrono::ceil<std::chrono::milliseconds>(at - now.mono);
  }

  FakeOutbox outbox;
  Schedule schedule;
  Now now{MonoTime{100s}, WallTime{std::chrono::seconds{1'800'000'000}}};
  std::uint64_t last = 0;
};

const Verdict kDelivered{Kind::delivered, {}, {}};
const Verdict kLater{Kind::later, {}, "HTTP 500"};
const Verdict kRefused{Kind::refused, {}, "HTTP 400"};
const Verdict kUnreachable{Kind::unreachable, {}, "connecting: refused"};

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

TEST_CASE("a group is what comes within its time, in order, and stays together") {
  Stage stage({.sink = "ops", .group = 5s});
  stage.owe(1, 1);
  REQUIRE(stage.next_rows().empty());
  REQUIRE(stage.wait() == 5s);
  stage.pass(4s);
  stage.owe(2);
  stage.owe(1, 2);
  REQUIRE(stage.next_rows().empty());
  stage.pass(1s);
  REQUIRE(stage.next_rows() == Rows{1, 2, 3});
  stage.done(kLater);
  stage.owe(3);
  stage.pass(1s);
  REQUIRE(stage.next_rows() == Rows{1, 2, 3});
  REQUIRE(stage.done(kDelivered).delivered == 3);
  REQUIRE(stage.next_rows().empty());
  stage.pass(5s);
  REQUIRE(stage.next_rows() == Rows{4});
}

TEST_CASE("a group that is refused goes by alarm, so that one of them cannot spoil the rest") {
  Stage stage({.sink = "ops", .group = 1s});
  stage.owe(1, 1);
  stage.owe(2);
  stage.owe(1, 2);
  stage.next();
  stage.pass(1s);
  REQUIRE(stage.next_rows() == Rows{1, 2, 3});
  stage.done(kRefused);
  stage.pass(2s);
  REQUIRE(stage.next_rows() == Rows{1, 3});
  REQUIRE(stage.next_rows() == Rows{2});
}

TEST_CASE("a group has its bound") {
  Stage stage({.sink = "ops", .group = 1s, .most_in_group = 10});
  for (int alarm = 1; alarm <= 25; ++alarm) stage.owe(alarm);
  stage.next();
  stage.pass(1s);
  REQUIRE(stage.next_rows().size() == 10);
}

TEST_CASE("no more requests than the rate allows") {
  Stage stage({.sink = "ops", .rate_per_s = 4});
  for (int alarm = 1; alarm <= 9; ++alarm) stage.owe(alarm);
  int sent = 0;
  for (int tick = 0; tick < 1000; ++tick) {
    if (!stage.next_rows().empty()) {
      ++sent;
      stage.done(kDelivered);
    }
    stage.pass(1ms);
  }
  REQUIRE(sent == 4);
}

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

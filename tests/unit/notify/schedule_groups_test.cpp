// Groups of changes that go as one message, and the rate of messages.
#include <chrono>

#include "tests/support/catch.h"
#include "tests/unit/notify/schedule_stage.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

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

}  // namespace
}  // namespace lynceus::test

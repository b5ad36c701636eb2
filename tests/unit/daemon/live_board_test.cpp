#include "daemon/live/live_board.h"

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/daemon/fake_cameras.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::LiveBoard;

TEST_CASE("the board keeps the newest frame and every plugin's last word") {
  FakeClock clock;
  LiveBoard board(clock);
  board.add("lobby");
  CHECK(board.newest("lobby") == nullptr);

  sdk::Observations health;
  health.details.set("state", "dark");
  board.on_report(report_of("lobby", 1, "health", health));
  board.on_report(report_of("lobby", 2, "people", {}));

  const auto live = board.newest("lobby");
  REQUIRE(live);
  CHECK(live->frame->sequence() == 2);
  CHECK(live->health == "dark");
  REQUIRE(live->plugins.size() == 2);
  CHECK(live->plugins[0].sequence == 1);
  CHECK(live->plugins[1].sequence == 2);
}

TEST_CASE("a snapshot handed out never changes") {
  FakeClock clock;
  LiveBoard board(clock);
  board.add("lobby");
  board.on_report(report_of("lobby", 1, "health", {}));
  const auto old = board.newest("lobby");
  board.on_report(report_of("lobby", 2, "health", {}));
  CHECK(old->frame->sequence() == 1);
  CHECK(board.newest("lobby")->version > old->version);
}

TEST_CASE("reports of unknown and removed cameras are ignored") {
  FakeClock clock;
  LiveBoard board(clock);
  board.on_report(report_of("ghost", 1, "health", {}));
  CHECK(board.newest("ghost") == nullptr);
  board.add("lobby");
  board.remove("lobby");
  board.on_report(report_of("lobby", 1, "health", {}));
  CHECK(board.newest("lobby") == nullptr);
}

TEST_CASE("a view is wanted for five seconds after somebody asked") {
  FakeClock clock;
  LiveBoard board(clock);
  board.add("lobby");
  CHECK(board.wanted("lobby").empty());
  board.want("lobby", "enhanced");
  board.want("ghost", "enhanced");
  clock.advance(4900ms);
  CHECK(board.wanted("lobby") == std::vector<std::string>{"enhanced"});
  CHECK(board.wanted("ghost").empty());
  clock.advance(200ms);
  CHECK(board.wanted("lobby").empty());
}

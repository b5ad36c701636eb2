#include "pipeline/camera/camera_settings.h"
#include "pipeline/camera/turn.h"
#include "tests/support/catch.h"

namespace lynceus::camera {
namespace {

using namespace std::chrono_literals;
using Mode = Cadence::Mode;

const MonoTime kStart{1h};

std::chrono::milliseconds period_of(std::string_view text) {
  const auto cadence = parse_cadence(text);
  return cadence && cadence->mode == Mode::period ? cadence->period : -1ms;
}

TEST_CASE("a cadence is a word or a period") {
  REQUIRE(parse_cadence("every_frame")->mode == Mode::every_frame);
  REQUIRE(parse_cadence("on_motion")->mode == Mode::on_motion);
  CHECK(period_of("2s") == 2s);
  CHECK(period_of("500ms") == 500ms);
  CHECK(period_of("1m") == 1min);
  CHECK(period_of("1.5s") == 1500ms);
  CHECK(period_of("24h") == 24h);
}

TEST_CASE("any other text is no cadence") {
  for (const char* text :
       {"", "2", "s", "-1s", "0s", "0.1ms", "25h", "2 s", "2sec", "every frame", "nan", "inf", "1e99s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_cadence(text));
  }
}

TEST_CASE("a period keeps its own grid whatever the frame rate") {
  Turn turn(*parse_cadence("2s"));
  int calls = 0;
  for (int frame = 0; frame < 24 * 60; ++frame) {
    const MonoTime now = kStart + frame * 1000ms / 24;
    if (!turn.due(now, false)) continue;
    turn.called(now);
    ++calls;
  }
  CHECK(calls == 30);
}

TEST_CASE("after a pause a period starts anew instead of catching up") {
  Turn turn(*parse_cadence("2s"));
  turn.called(kStart);
  REQUIRE(turn.due(kStart + 60s, false));
  turn.called(kStart + 60s);
  CHECK_FALSE(turn.due(kStart + 61s, false));
  CHECK(turn.due(kStart + 62s, false));
}

TEST_CASE("on_motion goes on for two seconds and ages every thirty") {
  Turn turn(*parse_cadence("on_motion"));
  REQUIRE(turn.due(kStart, false));  // the first frame, so that there is a word on every camera
  turn.called(kStart);
  CHECK_FALSE(turn.due(kStart + 1s, false));
  CHECK(turn.due(kStart + 5s, true));
  turn.called(kStart + 5s);
  CHECK(turn.due(kStart + 7s, false));
  turn.called(kStart + 7s);
  CHECK_FALSE(turn.due(kStart + 7100ms, false));
  CHECK_FALSE(turn.due(kStart + 36s, false));
  CHECK(turn.due(kStart + 37s, false));
}

}  // namespace
}  // namespace lynceus::camera

#include "pipeline/camera/light_state.h"

#include "tests/support/catch.h"

namespace lynceus::camera {
namespace {

using namespace std::chrono_literals;
using sdk::Light;

const MonoTime kStart{1h};
const LightSigns kDay{};
const LightSigns kNight{false, true, true, 90};

LightSigns sudden(LightSigns signs) {
  signs.sudden = true;
  signs.quiet = false;
  return signs;
}

TEST_CASE("the first picture decides at once and is no flip") {
  LightState state;
  CHECK_FALSE(state.update(kStart, kNight));
  CHECK(state.light() == Light::night);
}

TEST_CASE("a sudden change adapts until it is quiet, then settles once") {
  LightState state;
  state.update(kStart, kDay);
  CHECK_FALSE(state.update(kStart + 1s, sudden(kNight)));
  REQUIRE(state.light() == Light::adapting);
  CHECK_FALSE(state.update(kStart + 1500ms, kNight));
  CHECK(state.update(kStart + 1600ms, kNight));
  CHECK(state.light() == Light::night);
  CHECK_FALSE(state.update(kStart + 1700ms, kNight));
}

TEST_CASE("a lamp that leaves it day is no flip") {
  LightState state;
  state.update(kStart, kDay);
  state.update(kStart + 1s, sudden(kDay));
  CHECK_FALSE(state.update(kStart + 2s, kDay));
  CHECK(state.light() == Light::day);
}

TEST_CASE("adapting ends after five seconds whatever blinks, and is deaf for a while") {
  LightState state;
  state.update(kStart, kDay);
  MonoTime now = kStart;
  for (; now < kStart + 5200ms; now += 100ms) state.update(now, sudden(kDay));
  CHECK(state.light() == Light::day);
  state.update(now, sudden(kDay));
  CHECK(state.light() == Light::day);
  state.update(now + 6s, sudden(kDay));
  CHECK(state.light() == Light::adapting);
}

TEST_CASE("dusk turns after three seconds and does not flicker") {
  LightState state;
  LightSigns dim;
  dim.brightness = 38;
  state.update(kStart, kDay);
  state.update(kStart + 1s, dim);
  state.update(kStart + 3900ms, dim);
  CHECK(state.light() == Light::day);
  state.update(kStart + 4s, dim);
  CHECK(state.light() == Light::adapting);
  CHECK(state.update(kStart + 5s, dim));
  dim.brightness = 50;
  for (int i = 0; i < 10; ++i) CHECK_FALSE(state.update(kStart + 5s + i * 1s, dim));
  CHECK(state.light() == Light::night);
}

}  // namespace
}  // namespace lynceus::camera

#include "daemon/evidence/ring.h"

#include <chrono>

#include "tests/support/catch.h"
#include "tests/unit/evidence/coded_pictures.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::Ring;

namespace {

/// Ten a second from `from` to `to`, a keyframe every `gop`.
void fill(Ring& ring, std::chrono::milliseconds from, std::chrono::milliseconds to, std::chrono::milliseconds gop,
          const Coded& coded = {}) {
  for (auto time = from; time < to; time += 100ms) ring.on_unit(coded.at(time, (time - from) % gop == 0ms));
}

}  // namespace

TEST_CASE("a clip begins at the keyframe at or before the moment asked for") {
  Ring ring({});
  fill(ring, 100s, 110s, 1s);
  REQUIRE(ring.begin(MonoTime{105500ms}));
  REQUIRE(ring.begin(MonoTime{105500ms})->arrived == MonoTime{105s});
  REQUIRE(ring.begin(MonoTime{105s})->arrived <= MonoTime{105s});
  REQUIRE(ring.begin(MonoTime{50s})->arrived == MonoTime{100s});  // the oldest there is
  REQUIRE_FALSE(ring.begin(MonoTime{111s}));                      // nothing of that time yet
}

TEST_CASE("the ring keeps whole groups, for as long as asked and the group that ran then") {
  Ring::Settings settings;
  settings.keep = 4s;
  Ring ring(settings);
  fill(ring, 100s, 120s, 3s);
  const auto oldest = ring.begin(MonoTime{0s});
  REQUIRE(oldest);
  REQUIRE(oldest->arrived <= MonoTime{116s});
  REQUIRE(oldest->arrived >= MonoTime{112s});
  REQUIRE(ring.bytes() <= 8 * 10 * 100);
}

TEST_CASE("bytes and time bound the ring, whatever the stream does") {
  Ring::Settings settings;
  settings.bytes = 5000;
  Ring ring(settings);
  fill(ring, 100s, 120s, 2s);
  REQUIRE(ring.bytes() <= 5000);
  REQUIRE(ring.begin(MonoTime{0s}));

  SECTION("a group that alone is too large is given up until the next keyframe") {
    Ring small(settings);
    fill(small, 100s, 108s, 60s);
    REQUIRE(small.bytes() <= 5000);
    REQUIRE_FALSE(small.begin(MonoTime{0s}));
    small.on_unit(Coded{}.at(108s, true));
    REQUIRE(small.begin(MonoTime{0s})->arrived == MonoTime{108s});
  }
  SECTION("and one that is too long") {
    settings.time = 10s;
    settings.bytes = 1 << 20;
    Ring long_group(settings);
    fill(long_group, 100s, 115s, 60s);
    REQUIRE(long_group.bytes() == 0);
  }
}

TEST_CASE("what is read ends with the moment asked for, at a break and where the format changes") {
  Ring ring({});
  fill(ring, 100s, 102s, 1s);
  const auto begin = ring.begin(MonoTime{100s});
  REQUIRE(begin);

  SECTION("so far") {
    auto part = ring.read(*begin, MonoTime{200s});
    REQUIRE(part.units.size() == 20);
    REQUIRE_FALSE(part.over);
    REQUIRE(ring.read(part.next, MonoTime{200s}).units.empty());
    fill(ring, 102s, 103s, 1s);
    part = ring.read(part.next, MonoTime{200s});
    REQUIRE(part.units.size() == 10);
  }
  SECTION("the end") {
    const auto part = ring.read(*begin, MonoTime{101s});
    REQUIRE(part.units.size() == 11);
    REQUIRE(part.over);
  }
  SECTION("another connection") {
    ring.on_break();
    fill(ring, 102s, 103s, 1s);
    const auto part = ring.read(*begin, MonoTime{200s});
    REQUIRE(part.units.size() == 20);
    REQUIRE(part.over);
    REQUIRE(ring.begin(MonoTime{102500ms})->arrived == MonoTime{102s});
  }
  SECTION("another size") {
    fill(ring, 102s, 103s, 1s, Coded{format_of(640)});
    const auto part = ring.read(*begin, MonoTime{200s});
    REQUIRE(part.units.size() == 20);
    REQUIRE(part.over);
  }
  SECTION("a reader that was too slow") {
    fill(ring, 102s, 140s, 1s);
    REQUIRE(ring.read(*begin, MonoTime{200s}).over);
  }
}

TEST_CASE("pictures without their keyframe are not kept") {
  Ring ring({});
  ring.on_unit(Coded{}.at(100s));
  REQUIRE(ring.bytes() == 0);
  ring.on_unit(Coded{}.at(101s, true));
  ring.on_break();
  ring.on_unit(Coded{}.at(102s));
  REQUIRE(ring.bytes() == 100);
}

#include "pipeline/camera/load.h"

#include "tests/support/catch.h"

namespace lynceus::camera {
namespace {

using namespace std::chrono_literals;

/// Frames every 40 ms, each analysed one taking `cost`; how many of 500 are skipped.
int skipped(MonoTime::duration cost, int budget_percent) {
  Load load(budget_percent);
  MonoTime now{1h};
  int count = 0;
  for (int i = 0; i < 500; ++i) {
    const MonoTime captured = MonoTime{1h} + i * 40ms;
    if (captured < now) continue;  // the mailbox keeps the newest only
    now = captured;
    load.arrived(captured, std::uint64_t(i));
    if (load.over_budget(now)) {
      ++count;
      continue;
    }
    load.worked(now, now + cost);
    now += cost;
  }
  return count;
}

TEST_CASE("within the budget nothing is skipped") {
  CHECK(skipped(10ms, 80) == 0);
  CHECK(skipped(31ms, 80) == 0);
}

TEST_CASE("beyond the budget every other frame goes") {
  const int count = skipped(36ms, 80);
  CHECK(count > 200);
  CHECK(count <= 250);
}

TEST_CASE("a budget of a quarter is kept") {
  const int count = skipped(20ms, 25);
  CHECK(count > 230);
  CHECK(count <= 250);
}

TEST_CASE("one slow call among cheap ones skips nothing") {
  Load load(80);
  MonoTime now{1h};
  for (int i = 0; i < 100; ++i, now += 40ms) {
    load.arrived(now, std::uint64_t(i));
    REQUIRE_FALSE(load.over_budget(now));
    load.worked(now, now + (i % 50 == 49 ? 120ms : 2ms));
  }
}

}  // namespace
}  // namespace lynceus::camera

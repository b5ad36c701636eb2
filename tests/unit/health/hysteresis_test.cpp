#include "plugins/health/hysteresis.h"

#include "tests/support/catch.h"

namespace lynceus::health {
namespace {

TEST_CASE("a fault must be seen for its time and be gone for its time") {
  Hysteresis fault({2, 1});
  for (int look = 0; look < 4; ++look) REQUIRE_FALSE(fault.update(Vote::yes, 0.5));
  REQUIRE(fault.update(Vote::yes, 0.5));
  REQUIRE(fault.update(Vote::no, 0.5));
  REQUIRE(fault.update(Vote::no, 0.5));
  REQUIRE_FALSE(fault.update(Vote::no, 0.5));
}

TEST_CASE("one look to the contrary starts the time anew") {
  Hysteresis fault({2, 1});
  for (int round = 0; round < 10; ++round) {
    for (int look = 0; look < 4; ++look) REQUIRE_FALSE(fault.update(Vote::yes, 0.5));
    REQUIRE_FALSE(fault.update(Vote::no, 0.5));
  }
}

TEST_CASE("an unsure look changes nothing and takes no time") {
  Hysteresis fault({2, 1});
  for (int look = 0; look < 100; ++look) REQUIRE_FALSE(fault.update(Vote::unsure, 0.5));
  for (int look = 0; look < 5; ++look) fault.update(Vote::yes, 0.5);
  for (int look = 0; look < 100; ++look) REQUIRE(fault.update(Vote::unsure, 0.5));
}

TEST_CASE("one look never decides, however long it took to come") {
  Hysteresis fault({2, 1});
  REQUIRE_FALSE(fault.update(Vote::yes, 30));
  REQUIRE(fault.update(Vote::yes, 30));
}

}  // namespace
}  // namespace lynceus::health

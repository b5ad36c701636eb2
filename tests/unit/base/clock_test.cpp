#include "base/clock.h"

#include <chrono>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"

using namespace std::chrono_literals;

namespace lynceus::test {
namespace {

WallTime at_ms(long long ms) { return WallTime{std::chrono::milliseconds{ms}}; }

}  // namespace

TEST_CASE("wall time is written as RFC 3339 in UTC with milliseconds", "[clock]") {
  CHECK(rfc3339(at_ms(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(rfc3339(at_ms(1'772'368'496'789)) == "2026-03-01T12:34:56.789Z");
  CHECK(rfc3339(at_ms(951'782'399'999)) == "2000-02-28T23:59:59.999Z");
  CHECK(rfc3339(at_ms(-1)) == "1969-12-31T23:59:59.999Z");
  CHECK(rfc3339(at_ms(-1000)) == "1969-12-31T23:59:59.000Z");
}

TEST_CASE("the system clock's wait ends when ready, at the deadline and on a stop", "[clock]") {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::stop_source source;
  Clock& clock = system_clock();
  std::unique_lock lock(mutex);

  CHECK(clock.wait_until(lock, changed, source.get_token(), clock.now() + 1h, [] { return true; }));
  CHECK_FALSE(clock.wait_until(lock, changed, source.get_token(), clock.now() - 1s, [] { return false; }));
  source.request_stop();
  CHECK_FALSE(clock.wait_until(lock, changed, source.get_token(), clock.now() + 1h, [] { return false; }));
}

TEST_CASE("a sleep says whether a stop ended it", "[clock]") {
  std::stop_source source;
  CHECK(system_clock().sleep_until(source.get_token(), system_clock().now()));
  source.request_stop();
  CHECK_FALSE(system_clock().sleep_until(source.get_token(), system_clock().now() + 1h));
}

TEST_CASE("virtual time stands still until it is turned on", "[clock]") {
  FakeClock clock;
  const auto mono = clock.now();
  const auto wall = clock.wall();
  clock.advance(1500ms);
  CHECK(clock.now() - mono == 1500ms);
  CHECK(clock.wall() - wall == 1500ms);
}

TEST_CASE("turning virtual time ends a wait that is due", "[clock]") {
  FakeClock clock;
  const auto deadline = clock.now() + 10s;
  bool whole = false;
  {
    std::jthread sleeper([&](std::stop_token stop) { whole = clock.sleep_until(stop, deadline); });
    while (clock.waiting() == 0) std::this_thread::yield();
    clock.advance(9s);
    CHECK(clock.waiting() == 1);
    clock.advance(1s);
    sleeper.join();
  }
  CHECK(whole);
  CHECK(clock.waiting() == 0);
}

TEST_CASE("a stop ends a virtual wait", "[clock]") {
  FakeClock clock;
  bool whole = true;
  {
    std::jthread sleeper([&](std::stop_token stop) { whole = clock.sleep_until(stop, clock.now() + 1h); });
    while (clock.waiting() == 0) std::this_thread::yield();
  }
  CHECK_FALSE(whole);
}

}  // namespace lynceus::test

#include "base/mailbox.h"

#include <atomic>
#include <memory>
#include <thread>

#include "base/bounded_queue.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"

using namespace std::chrono_literals;

namespace lynceus::test {

TEST_CASE("a mailbox keeps the newest and says what it replaced", "[mailbox]") {
  Mailbox<int> box;
  CHECK_FALSE(box.put(1));
  CHECK(box.put(2));
  CHECK(box.try_take() == 2);
  CHECK_FALSE(box.try_take().has_value());
  CHECK_FALSE(box.put(3));
}

TEST_CASE("a mailbox carries what can only be moved", "[mailbox]") {
  Mailbox<std::unique_ptr<int>> box;
  box.put(std::make_unique<int>(7));
  auto taken = box.try_take();
  REQUIRE(taken.has_value());
  CHECK(**taken == 7);
}

TEST_CASE("taking from an empty mailbox ends at the deadline or by a stop", "[mailbox]") {
  FakeClock clock;
  Mailbox<int> box;
  CHECK_FALSE(box.take(clock, {}, clock.now()).has_value());
  std::stop_source source;
  source.request_stop();
  CHECK_FALSE(box.take(clock, source.get_token(), clock.now() + 1h).has_value());
}

TEST_CASE("a waiting taker gets what is put", "[mailbox]") {
  FakeClock clock;
  Mailbox<int> box;
  std::optional<int> got;
  {
    std::jthread taker([&](std::stop_token stop) { got = box.take(clock, stop, clock.now() + 1h); });
    while (clock.waiting() == 0) std::this_thread::yield();
    box.put(5);
    taker.join();
  }
  CHECK(got == 5);
}

TEST_CASE("what is put is either taken or reported as replaced", "[mailbox]") {
  constexpr int kEach = 2000;
  Mailbox<int> box;
  std::atomic<int> replaced = 0;
  std::atomic<int> producing = 2;
  int taken = 0;
  {
    auto produce = [&] {
      for (int i = 0; i < kEach; ++i) replaced += box.put(i) ? 1 : 0;
      --producing;
    };
    std::jthread one(produce), two(produce);
    while (producing > 0) taken += box.try_take() ? 1 : 0;
  }
  taken += box.try_take() ? 1 : 0;
  CHECK(taken + replaced == 2 * kEach);
}

TEST_CASE("a full queue drops its oldest and says so", "[bounded_queue]") {
  BoundedQueue<int> queue(2);
  CHECK_FALSE(queue.push(1));
  CHECK_FALSE(queue.push(2));
  CHECK(queue.push(3));
  CHECK(queue.size() == 2);
  CHECK(queue.try_pop() == 2);
  CHECK(queue.try_pop() == 3);
  CHECK_FALSE(queue.try_pop().has_value());
}

TEST_CASE("try_push on a full queue takes nothing", "[bounded_queue]") {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  auto first = std::make_unique<int>(1);
  auto second = std::make_unique<int>(2);
  CHECK(queue.try_push(first));
  CHECK_FALSE(queue.try_push(second));
  CHECK(second != nullptr);
  CHECK(queue.size() == 1);
}

TEST_CASE("a queue without room drops what comes", "[bounded_queue]") {
  BoundedQueue<int> queue(0);
  int value = 1;
  CHECK_FALSE(queue.try_push(value));
  CHECK(queue.push(2));
  CHECK(queue.size() == 0);
}

TEST_CASE("a waiting pop ends with an item, the deadline or a stop", "[bounded_queue]") {
  FakeClock clock;
  BoundedQueue<int> queue(4);
  CHECK_FALSE(queue.pop(clock, {}, clock.now()).has_value());
  std::stop_source stopped;
  stopped.request_stop();
  CHECK_FALSE(queue.pop(clock, stopped.get_token(), clock.now() + 1h).has_value());

  std::optional<int> got;
  {
    std::jthread consumer([&](std::stop_token stop) { got = queue.pop(clock, stop, clock.now() + 1h); });
    while (clock.waiting() == 0) std::this_thread::yield();
    queue.push(9);
    consumer.join();
  }
  CHECK(got == 9);
}

TEST_CASE("many producers and consumers lose nothing that fits", "[bounded_queue]") {
  constexpr int kEach = 1000;
  BoundedQueue<int> queue(4 * kEach);
  std::atomic<int> popped = 0;
  {
    auto produce = [&] {
      for (int i = 0; i < kEach; ++i) queue.push(i);
    };
    auto consume = [&] {
      while (popped < 4 * kEach) popped += queue.try_pop() ? 1 : 0;
    };
    std::jthread a(produce), b(produce), c(produce), d(produce), e(consume), f(consume);
  }
  CHECK(popped == 4 * kEach);
  CHECK(queue.size() == 0);
}

}  // namespace lynceus::test

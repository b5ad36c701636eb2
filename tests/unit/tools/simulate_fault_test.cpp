#include <chrono>

#include "base/error.h"
#include "tests/support/catch.h"
#include "tools/simulate/fault.h"
#include "tools/simulate/fault_plan.h"

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;
const MonoTime kStart{1h};

TEST_CASE("a fault acts until its end, others beside it") {
  FaultBook book;
  book.begin(parse_fault("freeze"), kStart + 2s);
  book.begin(parse_fault("loss:12.5"), kStart + 1s);
  REQUIRE(book.at(kStart).freeze);
  REQUIRE(book.at(kStart).loss_percent == 12.5);
  REQUIRE(book.next_end(kStart) == kStart + 1s);
  REQUIRE(book.at(kStart + 1s).loss_percent == 0);
  REQUIRE(book.at(kStart + 1s).freeze);
  REQUIRE(book.at(kStart + 2s) == Effects{});
  REQUIRE_FALSE(book.next_end(kStart + 2s));
}

TEST_CASE("a fault of the same kind replaces the first") {
  FaultBook book;
  book.begin(parse_fault("stall"), kStart + 9s);
  book.begin(parse_fault("stall"), kStart + 1s);
  REQUIRE(book.at(kStart + 1s) == Effects{});
  book.begin(parse_fault("drop"), kStart + 9s);
  book.end_all();
  REQUIRE(book.at(kStart) == Effects{});
}

TEST_CASE("faults that show another picture name its clip") {
  FaultBook book;
  book.begin(parse_fault("cover"), kStart + 1s);
  REQUIRE(book.at(kStart).variant == Variant::cover);
  REQUIRE(variant_of(FaultKind::stall) == Variant::plain);
}

TEST_CASE("values are checked") {
  REQUIRE(parse_fault("loss").value == 5);
  REQUIRE_THROWS_AS(parse_fault("loss:101"), Error);
  REQUIRE_THROWS_AS(parse_fault("loss:nan"), Error);
  REQUIRE_THROWS_AS(parse_fault("stall:1"), Error);
  REQUIRE_THROWS_AS(parse_fault(""), Error);
}

TEST_CASE("planned faults come once, or again and again") {
  FaultPlan plan({{parse_fault("stall"), 1, 1, 0}, {parse_fault("freeze"), 2, 1, 10}});
  REQUIRE_FALSE(plan.next());
  plan.start(kStart);
  REQUIRE(plan.next() == kStart + 1s);
  REQUIRE_FALSE(plan.take_due(kStart));
  REQUIRE(plan.take_due(kStart + 1s)->fault.kind == FaultKind::stall);
  REQUIRE(plan.next() == kStart + 2s);
  REQUIRE(plan.take_due(kStart + 2s)->fault.kind == FaultKind::freeze);
  REQUIRE(plan.next() == kStart + 12s);
  REQUIRE_FALSE(plan.take_due(kStart + 11s));
}

}  // namespace
}  // namespace lynceus::tools

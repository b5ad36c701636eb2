#include "config/problem.h"

#include "tests/support/catch.h"

namespace lynceus::config {
namespace {

TEST_CASE("the nearest name is the one that was meant") {
  const std::vector<std::string> names{"url", "fps", "name", "transport", "latency_ms", "frozen_after", "zones"};
  CHECK(nearest("transprot", names) == "transport");
  CHECK(nearest("nmae", names) == "name");
  CHECK(nearest("ulr", names) == "url");
  CHECK(nearest("latency", names) == "latency_ms");
  CHECK(nearest("zone", names) == "zones");
  CHECK(nearest("xyz", names).empty());
  CHECK(nearest(std::string(10'000, 'a'), names).empty());
}

TEST_CASE("quoted texts are short, printable and without credentials") {
  CHECK(shown("a\x1b[0m\n") == "'a\\x1b[0m\\x0a'");
  CHECK(shown(std::string(100, 'a')) == "'" + std::string(60, 'a') + "…'");
  CHECK(shown("rtsp://u:p@h") == "'rtsp://***@h'");
}

TEST_CASE("a problem met twice is said once, in the order of the file") {
  Problems problems;
  Place place;
  place.file = std::make_shared<const std::string>("f");
  place.line = 2, place.column = 1;
  problems.add(place, "second");
  problems.add(place, "second");
  problems.add(place.child("k", 1, 5), "first");
  CHECK(problems.lines() == std::vector<std::string>{"f:1:5: k: first", "f:2:1: second"});
}

}  // namespace
}  // namespace lynceus::config

#include "pipeline/host/observation_filter.h"

#include <limits>
#include <string>

#include "tests/support/catch.h"

namespace lynceus::host {
namespace {

TEST_CASE("good observations pass unchanged") {
  ObservationFilter filter;
  sdk::Observations said;
  said.entities.push_back({1, "person", {1, 2, 3, 4}, 0.5, cv::Point2d{1, 2}, "safe"});
  said.measurements.push_back({"temperature.max", 3, "celsius", {{"zone", "Tür"}}});
  said.counters.push_back({"seen", 2, {}});
  said.details.set("list", sdk::Value::Array{1, 2.5, "three", nullptr, true});
  REQUIRE(filter.apply(said) == 0);
  REQUIRE(said.entities.size() == 1);
  REQUIRE(said.measurements[0].labels[0].value == "Tür");
  REQUIRE(said.counters.size() == 1);
  const auto* details = said.details.get_if<sdk::Value::Object>();
  REQUIRE(details != nullptr);
  REQUIRE(details->front().second.get_if<sdk::Value::Array>()->size() == 5);
}

TEST_CASE("series are bounded over the analyzer's life, known ones stay") {
  ObservationFilter filter;
  std::uint64_t dropped = 0;
  for (int call = 0; call < 300; ++call) {
    sdk::Observations said;
    said.measurements.push_back({"a", 1, "", {{"call", std::to_string(call)}}});
    dropped += filter.apply(said);
  }
  REQUIRE(dropped == 100);
  sdk::Observations known;
  known.measurements.push_back({"a", 2, "", {{"call", "0"}}});
  known.counters.push_back({"a", 2, {{"call", "0"}}});  // a counter is a series of its own
  REQUIRE(filter.apply(known) == 1);
  REQUIRE(known.measurements.size() == 1);
}

TEST_CASE("labels that the daemon sets itself, or twice the same, are refused") {
  ObservationFilter filter;
  sdk::Observations said;
  said.measurements.push_back({"a", 1, "", {{"camera", "x"}}});
  said.measurements.push_back({"b", 1, "", {{"zone", "x"}, {"zone", "y"}}});
  said.measurements.push_back({"c", 1, "", {{"Zone!", "x"}}});
  said.measurements.push_back({"", 1, "", {}});
  REQUIRE(filter.apply(said) == 4);
}

TEST_CASE("each condition has its key once and a plain kind") {
  ObservationFilter filter;
  sdk::Observations said;
  for (const char* kind : {"a", "a", "Not plain", "b"}) {
    sdk::Condition condition;
    condition.kind = kind;
    condition.summary = std::string(2000, 'x');
    said.conditions.push_back(condition);
  }
  REQUIRE(filter.apply(said) == 2);
  REQUIRE(said.conditions.size() == 2);
  REQUIRE(said.conditions[0].summary.size() == 512);
}

TEST_CASE("details are bounded in depth and count, and hold no NaN") {
  ObservationFilter filter;
  sdk::Observations said;
  sdk::Value deep = 1;
  for (int level = 0; level < 200; ++level) deep = sdk::Value::Array{deep};
  said.details.set("deep", deep);
  said.details.set("wide", sdk::Value::Array(50'000, sdk::Value(1)));
  REQUIRE(filter.apply(said) >= 2);
  const auto* object = said.details.get_if<sdk::Value::Object>();
  REQUIRE(object->back().second.get_if<sdk::Value::Array>()->size() < 20'001);

  sdk::Observations nan;
  nan.details.set("x", std::numeric_limits<double>::quiet_NaN());
  REQUIRE(filter.apply(nan) == 1);
  REQUIRE(nan.details.get_if<sdk::Value::Object>()->front().second.is_null());
}

}  // namespace
}  // namespace lynceus::host

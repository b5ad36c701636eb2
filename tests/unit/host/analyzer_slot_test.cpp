#include "pipeline/host/analyzer_slot.h"

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "tests/support/catch.h"
#include "tests/unit/host/plugin_files.h"
#include "tests/unit/host/slot_setup.h"
#include "tests/unit/host/test_frame.h"

namespace lynceus::host {
namespace {

using test::SlotSetup;
using test::test_plugin;

cv::Mat grey() { return cv::Mat(90, 160, CV_8UC1, cv::Scalar(100)); }

TEST_CASE("an analyzer that throws is disabled at the fifth throw in a row") {
  SlotSetup s(test_plugin("throws_in_process"));
  AnalyzerSlot slot(s.setup);
  const test::TestInput input(grey());
  for (int call = 1; call <= 4; ++call) {
    REQUIRE_FALSE(slot.process(input.input()));
    REQUIRE(slot.state() == SlotState::running);
  }
  REQUIRE_FALSE(slot.process(input.input()));
  REQUIRE(slot.state() == SlotState::disabled);
  REQUIRE(slot.errors() == 5);
  REQUIRE(slot.last_error() == "call 5 went wrong");
  REQUIRE(s.log.count("analyzer: disabled camera=cam plugin=throws_in_process") == 1);
  REQUIRE_FALSE(slot.process(input.input()));
  REQUIRE(slot.errors() == 5);
}

TEST_CASE("one good call forgives the throws before it") {
  SlotSetup s(test_plugin("throws_in_process"), {{"good_every", std::int64_t{5}}});
  AnalyzerSlot slot(s.setup);
  const test::TestInput input(grey());
  int answered = 0;
  for (int call = 0; call < 50; ++call) answered += slot.process(input.input()) ? 1 : 0;
  REQUIRE(answered == 10);
  REQUIRE(slot.errors() == 40);
  REQUIRE(slot.state() == SlotState::running);
}

TEST_CASE("what is thrown need not be an exception of the library") {
  SlotSetup s(test_plugin("throws_in_process"), {{"throw", std::string("other")}});
  AnalyzerSlot slot(s.setup);
  const test::TestInput input(grey());
  REQUIRE_FALSE(slot.process(input.input()));
  REQUIRE(slot.last_error() == "something that is no std::exception");
}

TEST_CASE("an analyzer that cannot be made is disabled from the start") {
  SlotSetup s(test_plugin("throws_in_create"));
  AnalyzerSlot slot(s.setup);
  REQUIRE(slot.state() == SlotState::disabled);
  REQUIRE(slot.errors() == 1);
  REQUIRE(slot.last_error() == "no such luck");
  const test::TestInput input(grey());
  REQUIRE_FALSE(slot.process(input.input()));
}

TEST_CASE("a throw after the camera's stop is no error") {
  SlotSetup s(test_plugin("throws_in_process"));
  std::stop_source stop;
  s.setup.stop = stop.get_token();
  AnalyzerSlot slot(s.setup);
  stop.request_stop();
  const test::TestInput input(grey());
  for (int call = 0; call < 10; ++call) REQUIRE_FALSE(slot.process(input.input()));
  REQUIRE(slot.errors() == 0);
  REQUIRE(slot.state() == SlotState::running);
}

TEST_CASE("a plugin's log lines carry camera and plugin, ten a second") {
  SlotSetup s(test_plugin("talks_nonsense"));
  AnalyzerSlot slot(s.setup);
  const test::TestInput input(grey());
  slot.process(input.input());
  REQUIRE(s.log.count("plugin: blah blah camera=cam plugin=talks_nonsense") == 10);
  s.clock.advance(std::chrono::milliseconds{500});
  slot.process(input.input());
  REQUIRE(s.log.count("blah") == 10);
  s.clock.advance(std::chrono::milliseconds{600});
  slot.process(input.input());
  REQUIRE(s.log.count("blah") == 20);
  REQUIRE(s.log.count("withheld=90") == 1);
}

TEST_CASE("nonsense is left out, the rest stays") {
  SlotSetup s(test_plugin("talks_nonsense"));
  AnalyzerSlot slot(s.setup);
  const test::TestInput input(grey());
  const auto said = slot.process(input.input());
  REQUIRE(said);
  REQUIRE(said->entities.size() == 1);
  REQUIRE(said->entities[0].label == "\xEF\xBF\xBD\xEF\xBF\xBD real");
  REQUIRE_FALSE(said->entities[0].ground_m);
  REQUIRE(said->measurements.size() == 200);
  REQUIRE(said->measurements[0].name == "good");
  REQUIRE(said->counters.empty());
  REQUIRE(said->conditions.size() == 256);
  REQUIRE(said->conditions[0].zone == "zone500");  // those that are active come first
  REQUIRE_FALSE(said->conditions[0].value);
  REQUIRE(said->conditions[255].kind == "too_many_conditions");
  REQUIRE(said->views.empty());
  REQUIRE_FALSE(said->facts.floor_mask);
  REQUIRE(said->overlay.boxes.empty());
  REQUIRE(slot.dropped() > 1500);
  REQUIRE(s.log.count("was left out") == 1);
}

}  // namespace
}  // namespace lynceus::host

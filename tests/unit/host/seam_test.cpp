// teller and listener, two analyzers that know nothing of each other, meet through the sdk.
#include <cstdint>
#include <string>

#include "pipeline/host/analyzer_slot.h"
#include "tests/support/catch.h"
#include "tests/unit/host/plugin_files.h"
#include "tests/unit/host/slot_setup.h"
#include "tests/unit/host/test_frame.h"

namespace lynceus::host {
namespace {

using test::options_of;
using test::SlotSetup;
using test::test_plugin;

std::int64_t starts_told(AnalyzerSlot& slot) {
  const test::TestInput input(cv::Mat(90, 160, CV_8UC1, cv::Scalar(100)));
  const auto said = slot.process(input.input());
  REQUIRE(said);
  const auto* details = said->details.get_if<sdk::Value::Object>();
  REQUIRE(details != nullptr);
  return *details->front().second.get_if<std::int64_t>();
}

TEST_CASE("the listener hears the fact that the teller told") {
  SlotSetup teller(test_plugin("teller"), {{"floor_share", 0.5}});
  SlotSetup listener(test_plugin("listener"));
  AnalyzerSlot tells(teller.setup), listens(listener.setup);

  test::TestInput input(cv::Mat(90, 160, CV_8UC1, cv::Scalar(100)));
  const auto silence = listens.process(input.input());
  REQUIRE(silence);
  REQUIRE(silence->measurements.empty());

  const auto told = tells.process(input.input());
  REQUIRE(told);
  REQUIRE(told->events.size() == 1);
  REQUIRE(told->counters.size() == 1);
  input.facts = told->facts;
  const auto heard = listens.process(input.input());
  REQUIRE(heard);
  REQUIRE(heard->measurements.size() == 1);
  REQUIRE(heard->measurements[0].value == Approx(0.5));
}

TEST_CASE("the teller's blob is there at the next start") {
  SlotSetup s(test_plugin("teller"));
  for (std::int64_t start = 1; start <= 3; ++start) {
    AnalyzerSlot slot(s.setup);
    REQUIRE(starts_told(slot) == start);
  }
}

}  // namespace
}  // namespace lynceus::host

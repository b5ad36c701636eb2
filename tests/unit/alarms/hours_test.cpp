// When alarms may be raised, and which do not ask.
#include <chrono>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/unit/alarms/engine_stage.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using Told = std::vector<std::string>;

TEST_CASE("alarms are raised in their hours only; what lasts is raised when they begin") {
  EngineStage stage;  // 2027-01-15, a Friday, 08:00 UTC
  camera::ArmWindow window;
  window.from = 9h;
  window.to = 17h;
  stage.config.cameras[0].arm = {window};
  stage.reload();
  stage.say({condition("crowding")});
  sdk::Event event;
  event.kind = "line_crossed";
  stage.happen(event);
  stage.pass(59min);
  CHECK(stage.heard().empty());
  stage.pass(1min);
  CHECK(stage.heard() == Told{"raised crowding"});
  stage.pass(9h);
  CHECK(stage.heard().empty());  // the end of the hours ends no alarm
  stage.say({});
  stage.pass(5s);
  CHECK(stage.heard() == Told{"cleared crowding"});
}

TEST_CASE("what is said of the camera itself is raised at any hour") {
  EngineStage stage;  // 2027-01-15, a Friday, 08:00 UTC
  camera::ArmWindow window;
  window.from = 20h;
  window.to = 22h;
  stage.config.cameras[0].arm = {window};
  stage.reload();
  stage.state("lobby", ingest::TransportState::offline);
  stage.say({condition("camera_covered")});
  stage.pass(30s);
  REQUIRE(stage.heard() == Told{"raised camera_offline"});
  stage.engine.own("lobby", condition("analyzer_stuck"), stage.now);
  stage.collect();
  REQUIRE(stage.heard() == Told{"raised analyzer_stuck"});
}

}  // namespace
}  // namespace lynceus::test

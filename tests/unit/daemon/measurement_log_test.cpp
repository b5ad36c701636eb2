// What was measured, looked back at.
#include "daemon/live/measurement_log.h"

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "tests/support/catch.h"
#include "tests/unit/daemon/api_room.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::MeasurementLog;

namespace {

camera::FrameReport measured(std::chrono::seconds at, double value, const std::string& zone = "door") {
  sdk::Observations said;
  said.measurements.push_back({"people", value, "", {{"zone", zone}}});
  auto report = report_of("lobby", 1, "people", std::move(said));
  auto frame = std::make_shared<TestFrame>();
  frame->wall_at = WallTime{at};
  report.frame = std::move(frame);
  return report;
}

}  // namespace

TEST_CASE("points are means over steps, and larger steps are means of those") {
  MeasurementLog log;
  const WallTime base{};
  for (const auto& [at, value] : {std::pair{0s, 1.0}, {1s, 3.0}, {5s, 10.0}, {20s, 7.0}})
    log.on_report(measured(at, value));
  const auto fine = log.series("lobby", {"people", base, 5s});
  REQUIRE(fine.size() == 1);
  CHECK(fine[0].plugin == "people");
  CHECK(fine[0].labels[0].value == "door");
  REQUIRE(fine[0].points.size() == 3);
  CHECK(fine[0].points[0].second == 2.0);
  CHECK(fine[0].points[1].second == 10.0);
  CHECK(fine[0].points[2].first - fine[0].points[0].first == 20s);
  const auto coarse = log.series("lobby", {"", {}, 86400s});
  REQUIRE(coarse[0].points.size() == 1);
  CHECK(coarse[0].points[0].second == 5.25);
  CHECK(log.series("lobby", {"other", {}, 5s}).empty());
  CHECK(log.series("ghost", {"", {}, 5s}).empty());
  CHECK(log.series("lobby", {"", base + 10s, 5s})[0].points.size() == 1);
  log.remove("lobby");
  CHECK(log.series("lobby", {"", {}, 5s}).empty());
}

TEST_CASE("what is kept is bounded in time and number") {
  MeasurementLog log({.step = 5s, .keep = 1h, .series_per_camera = 3});
  for (int i = 0; i < 1000; ++i) log.on_report(measured(i * 5s, i));
  CHECK(log.series("lobby", {"", {}, 5s})[0].points.size() == 720);
  for (int i = 0; i < 10; ++i) log.on_report(measured(6000s, 1, "zone" + std::to_string(i)));
  CHECK(log.series("lobby", {"", {}, 5s}).size() == 3);
}

TEST_CASE("the API tells measurements from a time on") {
  ApiRoom room;
  room.measurements.on_report(measured(0s, 4));
  using nlohmann::json;
  const json all = json::parse(room.get("/api/v1/cameras/lobby/measurements?name=people&since=0&step=10").body);
  CHECK(all.at("step") == 10);
  CHECK(all.at("series").at(0).at("points").at(0).at(1) == 4.0);
  CHECK(room.get("/api/v1/cameras/lobby/measurements?step=1").status == 400);
  CHECK(room.get("/api/v1/cameras/lobby/measurements?since=then").status == 400);
  CHECK(room.get("/api/v1/cameras/ghost/measurements").status == 404);
}

TEST_CASE("a long look back at many series is told in longer steps, not in a huge answer") {
  using nlohmann::json;
  ApiRoom room;
  sdk::Observations said;
  for (int i = 0; i < 64; ++i) said.measurements.push_back({"m" + std::to_string(i), 1.0 * i, "", {}});
  const auto observations = std::make_shared<const sdk::Observations>(std::move(said));
  for (int i = 0; i < 1000; ++i) {  // 64,000 points
    camera::FrameReport report;
    report.camera = "lobby";
    auto frame = std::make_shared<TestFrame>();
    frame->wall_at = WallTime{} + 5s * i;
    report.frame = frame;
    report.analyzers.push_back({"health", observations, 0.0});
    room.measurements.on_report(report);
  }
  const json all = json::parse(room.get("/api/v1/cameras/lobby/measurements?since=0").body);
  CHECK(all.at("step") == 10);
  CHECK(all["series"].size() == 64);
  CHECK(all["series"][0]["points"].size() == 500);
  const json one = json::parse(room.get("/api/v1/cameras/lobby/measurements?since=0&name=m7").body);
  CHECK(one.at("step") == 5);
  CHECK(one["series"][0]["points"].size() == 1000);
}

// Conditions over time: holds, limits with a deadband, rise, reference area, drift, a moved camera.
#include "plugins/pipes/drift_watch.h"
#include "plugins/pipes/temperature_watch.h"
#include "tests/support/catch.h"
#include "tests/unit/pipes/watched_pipe.h"

using namespace lynceus;
using pipes::DriftWatch;
using pipes::TemperatureLimits;
using pipes::TemperatureWatch;
using scenes::thermal_field;
using test::WatchedPipe;

namespace {

bool active(const TemperatureWatch& watch, const std::string& kind) {
  for (const auto& c : watch.conditions()) {
    if (c.kind == kind) return c.active;
  }
  FAIL("no condition " << kind);
  return false;
}

}  // namespace

TEST_CASE("a fault must last before it is told, and be gone before it clears") {
  WatchedPipe pipe({{"raise_after", 2.0}, {"clear_after", 5.0}});
  const cv::Mat good = thermal_field(test::plain_recipe()), bad = thermal_field(test::damaged_recipe());
  pipe.show(good);
  pipe.show(bad);
  REQUIRE_FALSE(pipe.active("insulation_damaged"));
  pipe.show(bad);
  pipe.show(bad);
  REQUIRE(pipe.active("insulation_damaged"));
  REQUIRE(pipe.measured("pipe_fault", "insulation_damaged") == 1.0);
  for (int i = 0; i < 4; ++i) pipe.show(good);
  REQUIRE(pipe.active("insulation_damaged"));
  for (int i = 0; i < 3; ++i) pipe.show(good);
  REQUIRE_FALSE(pipe.active("insulation_damaged"));
}

TEST_CASE("alarm and pre-alarm keep their deadband") {
  TemperatureLimits limits;
  limits.alarm = 80, limits.pre_alarm = 70, limits.deadband_kelvin = 3;
  TemperatureWatch watch(limits, "");
  double t = 0;
  const auto show = [&](double celsius) { watch.update(celsius, std::nullopt, t += 1, false); };
  show(75);
  REQUIRE(active(watch, "over_temperature_pre"));
  REQUIRE_FALSE(active(watch, "over_temperature"));
  show(81);
  REQUIRE(active(watch, "over_temperature"));
  show(78);
  REQUIRE(active(watch, "over_temperature"));
  show(76.9);
  REQUIRE_FALSE(active(watch, "over_temperature"));
  watch.update(std::nullopt, std::nullopt, t += 1, false);
  REQUIRE(active(watch, "over_temperature_pre"));
}

TEST_CASE("a steady rise is told, noise is not") {
  TemperatureLimits limits;
  limits.rise_kelvin_per_minute = 5;
  TemperatureWatch rising(limits, ""), noisy(limits, "");
  cv::RNG random(2);
  for (int i = 0; i < 60; ++i) {
    rising.update(40 + i * 10.0 / 60, std::nullopt, i, false);
    noisy.update(40 + random.uniform(-2.0, 2.0), std::nullopt, i, false);
  }
  REQUIRE(active(rising, "temperature_rise"));
  REQUIRE_FALSE(active(noisy, "temperature_rise"));
}

TEST_CASE("the difference to a reference area") {
  const sdk::Polygon wall{{0, 0}, {1, 0}, {1, 0.2}, {0, 0.2}};
  WatchedPipe pipe({{"over_temperature.difference", 20.0}, {"over_temperature.reference", wall}});
  pipe.show(thermal_field(test::plain_recipe()));
  REQUIRE_FALSE(pipe.active("temperature_difference"));
  pipe.show(thermal_field(test::damaged_recipe()));
  REQUIRE(pipe.active("temperature_difference"));
}

TEST_CASE("a slow change is drift, a day's ups and downs are not; it survives a restart") {
  DriftWatch watch(3, 3600, "");
  double t = 0;
  for (int i = 0; i < 24 * 60; ++i) watch.update(12 + (i / 30 % 2 == 0 ? 0.5 : -0.5), t += 60);
  REQUIRE_FALSE(watch.condition().active);
  DriftWatch again(3, 3600, "");
  again.restore(watch.save());
  for (int i = 0; i < 4 * 60; ++i) again.update(17, t += 60);
  REQUIRE(again.condition().active);
  DriftWatch spoiled(3, 3600, "");
  auto blob = watch.save();
  blob.pop_back();
  spoiled.restore(blob);
  REQUIRE_FALSE(spoiled.known());
}

TEST_CASE("a camera that was moved is told, until somebody says it is right") {
  WatchedPipe pipe({{"learn", 10.0}});
  auto recipe = test::plain_recipe();
  for (int i = 0; i < 20; ++i) pipe.show(thermal_field(recipe));
  REQUIRE_FALSE(pipe.active("camera_moved"));
  recipe.centre = 0.75;
  for (int i = 0; i < 6; ++i) pipe.show(thermal_field(recipe));
  REQUIRE(pipe.active("camera_moved"));
  pipe.take_reference = true;
  pipe.show(thermal_field(recipe));
  REQUIRE_FALSE(pipe.active("camera_moved"));
}

TEST_CASE("a picture without a scale is unreadable, and what was known stays") {
  WatchedPipe pipe;
  REQUIRE(pipe.show_picture(cv::Mat(240, 320, CV_8UC3, cv::Scalar(90, 90, 90))) == "unreadable");
  REQUIRE(pipe.active("sensor_unreadable"));
  REQUIRE_FALSE(pipe.measured("pipe_temperature_celsius"));
}

TEST_CASE(
    "insulation that ages over hours: pipe_drift is raised by the plugin, in virtual time with the default windows") {
  WatchedPipe pipe;  // drift 3 K, drift_after 1 h
  auto recipe = test::plain_recipe();
  constexpr double kBetween_s = 300;
  const auto show_for = [&](double hours, double insulation) {
    recipe.insulation = insulation;
    const cv::Mat field = thermal_field(recipe);
    for (double passed = 0; passed < 3600 * hours; passed += kBetween_s) pipe.show(field, kBetween_s);
  };
  show_for(6, 33);
  REQUIRE_FALSE(pipe.active("pipe_drift"));
  show_for(0.25, 40);  // an hour's quarter is no drift yet
  REQUIRE_FALSE(pipe.active("pipe_drift"));
  show_for(3, 40);
  REQUIRE(pipe.active("pipe_drift"));
  REQUIRE(pipe.condition("pipe_drift")->value.value() > 3);
  REQUIRE_FALSE(pipe.active("insulation_damaged"));
  show_for(6, 33);
  REQUIRE_FALSE(pipe.active("pipe_drift"));
}

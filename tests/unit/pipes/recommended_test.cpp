// What the patent's rules cannot do and profile recommended does.
#include <cmath>

#include "tests/support/catch.h"
#include "tests/unit/pipes/watched_pipe.h"

using namespace lynceus;
using scenes::thermal_field;
using test::WatchedPipe;

namespace {

double number(const sdk::Value& object, const std::string& key) {
  for (const auto& [name, value] : *object.get_if<sdk::Value::Object>()) {
    if (name != key) continue;
    if (const double* v = value.get_if<double>()) return *v;
    if (const auto* v = value.get_if<std::int64_t>()) return double(*v);
  }
  FAIL("no " << key);
  return 0;
}

}  // namespace

TEST_CASE("an intact pipe, a damaged one, a bare one, none") {
  WatchedPipe pipe;
  REQUIRE(pipe.show_still(thermal_field(test::plain_recipe())) == "normal");
  REQUIRE(pipe.show_still(thermal_field(test::damaged_recipe())) == "insulation_damaged");
  REQUIRE(pipe.active("insulation_damaged"));
  REQUIRE(pipe.show_still(thermal_field(test::bare_recipe())) == "insulation_missing");
  REQUIRE(pipe.active("insulation_missing"));
  REQUIRE_FALSE(pipe.active("insulation_damaged"));
  auto none = test::plain_recipe();
  none.fault = scenes::PipeFault::no_pipe;
  REQUIRE(pipe.show_still(thermal_field(none)) == "no_pipe");
}

TEST_CASE("a bare section's place and length are told") {
  WatchedPipe pipe;
  pipe.show_still(thermal_field(test::bare_recipe(0.3, 0.65)));
  const auto& sections = *pipe.detail("bare_sections")->get_if<sdk::Value::Array>();
  REQUIRE(sections.size() == 1);
  REQUIRE(number(sections[0], "from") == Approx(0.3).margin(0.03));
  REQUIRE(number(sections[0], "length") == Approx(0.35).margin(0.03));
  REQUIRE(number(sections[0], "narrower") == Approx(0.45).margin(0.1));
}

TEST_CASE("a bare section at the very end of the view is found too") {
  WatchedPipe pipe;
  REQUIRE(pipe.show_still(thermal_field(test::bare_recipe(0.8, 1.1))) == "insulation_missing");
}

TEST_CASE("tilt and taper do not matter") {
  WatchedPipe pipe;
  for (const double tilt : {-25.0, -10.0, 17.0, 70.0, 90.0, 110.0}) {
    for (auto recipe : {test::plain_recipe(), test::damaged_recipe(), test::bare_recipe()}) {
      recipe.tilt_deg = tilt;
      recipe.taper = 0.25;
      CAPTURE(tilt);
      REQUIRE(pipe.show_still(thermal_field(recipe)) == scenes::diagnosis_of(recipe.fault));
    }
  }
}

TEST_CASE("branches and lamps are no faults") {
  auto recipe = test::plain_recipe();
  recipe.branches = {{0.3, 0.2, 0.4, 36, true}, {0.7, -0.3, 0.3, 34, false}};
  recipe.lamps = {{{0.5, 0.08}, 0.05, 80, true}};
  REQUIRE(WatchedPipe().show_still(thermal_field(recipe)) == "normal");
}

TEST_CASE("an even temperature, a gradient and noise are no pipe") {
  WatchedPipe pipe;
  REQUIRE(pipe.show_still(cv::Mat(240, 320, CV_32F, cv::Scalar(30))) == "no_pipe");
  cv::Mat gradient(240, 320, CV_32F), noise(240, 320, CV_32F);
  for (int y = 0; y < 240; ++y) gradient.row(y).setTo(20 + y * 0.1);
  REQUIRE(pipe.show_still(gradient) == "no_pipe");
  cv::RNG random(5);
  random.fill(noise, cv::RNG::NORMAL, 30, 2);
  REQUIRE(pipe.show_still(noise) == "no_pipe");
}

TEST_CASE("tiny and odd pictures are no trouble") {
  WatchedPipe pipe;
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(3, 200), cv::Size(17, 16), cv::Size(640, 2)}) {
    REQUIRE(pipe.show_still(cv::Mat(size, CV_32F, cv::Scalar(30))) == "no_pipe");
  }
}

TEST_CASE("zones are judged one by one") {
  // Two pipes one above the other: the upper one is whole, the lower one is damaged.
  auto upper = test::plain_recipe();
  auto lower = test::damaged_recipe();
  cv::Mat both;
  cv::vconcat(thermal_field(upper), thermal_field(lower), both);
  const sdk::Zone first{"upper", {{0, 0}, {1, 0}, {1, 0.5}, {0, 0.5}}, {}},
      second{"lower", {{0, 0.5}, {1, 0.5}, {1, 1}, {0, 1}}, {}};
  WatchedPipe pipe({}, {first, second});
  REQUIRE(pipe.show_still(both) == "insulation_damaged");
  REQUIRE_FALSE(pipe.active("insulation_damaged:upper"));
  REQUIRE(pipe.active("insulation_damaged:lower"));
  REQUIRE(pipe.detail("zones") != nullptr);
}

TEST_CASE("the heat loss grows with the damage, and is there only when the diameter is known") {
  WatchedPipe unknown;
  unknown.show_still(thermal_field(test::damaged_recipe()));
  REQUIRE_FALSE(unknown.measured("heat_loss_watt"));
  WatchedPipe pipe({{"diameter_mm", 200.0}});
  pipe.show_still(thermal_field(test::damaged_recipe()));
  const double small = pipe.measured("heat_loss_watt").value();
  REQUIRE(small > 1);
  auto larger = test::damaged_recipe();
  larger.patches[0].half_length *= 2;
  pipe.show_still(thermal_field(larger));
  REQUIRE(*pipe.measured("heat_loss_watt") == Approx(2 * small).epsilon(0.25));
}

// Bars, labels and units: of drawn pictures, and of real ones where they are there.
#include <cmath>
#include <string>

#include "pipeline/picture/picture_io.h"
#include "plugins/pipes/bar_finder.h"
#include "plugins/pipes/label_reader.h"
#include "plugins/pipes/scale_watch.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/unit/pipes/watched_pipe.h"

using namespace lynceus;
using test::WatchedPipe;

namespace {

scenes::ThermalRecipe with_scale(double low, double high, int decimals) {
  auto recipe = test::plain_recipe();
  recipe.size = {640, 480};
  recipe.low = low, recipe.high = high, recipe.decimals = decimals;
  recipe.letter_px = 14;
  recipe.boxed = true;
  return recipe;
}

}  // namespace

TEST_CASE("the bar is found to the pixel, at the right, at the left and below") {
  for (const auto bar :
       {scenes::ThermalRecipe::Bar::right, scenes::ThermalRecipe::Bar::left, scenes::ThermalRecipe::Bar::bottom}) {
    auto recipe = with_scale(10, 60, 0);
    recipe.bar = bar;
    const auto picture = scenes::make_thermal(recipe);
    const auto found = pipes::find_bar(picture.picture);
    REQUIRE(found);
    const cv::Rect both = found->bar & picture.bar, any = found->bar | picture.bar;
    REQUIRE(both.area() > 0.85 * any.area());
  }
}

TEST_CASE("labels and units are read") {
  for (const bool fahrenheit : {false, true}) {
    auto recipe = with_scale(fahrenheit ? 52.5 : -7.5, fahrenheit ? 148.0 : 63.0, 1);
    recipe.fahrenheit = fahrenheit;
    const auto picture = scenes::make_thermal(recipe);
    const auto found = pipes::find_bar(picture.picture);
    REQUIRE(found);
    const auto read = pipes::read_labels(picture.picture, *found);
    REQUIRE(read.low);
    REQUIRE(read.high);
    REQUIRE(read.low->value == Approx(recipe.low));
    REQUIRE(read.high->value == Approx(recipe.high));
    REQUIRE(read.fahrenheit == fahrenheit);
  }
}

TEST_CASE("a plain picture, noise and pictures too small have no bar") {
  REQUIRE_FALSE(pipes::find_bar(cv::Mat()));
  REQUIRE_FALSE(pipes::find_bar(cv::Mat(1, 1, CV_8UC3, cv::Scalar(1, 2, 3))));
  REQUIRE_FALSE(pipes::find_bar(cv::Mat(480, 640, CV_8UC3, cv::Scalar(90, 90, 90))));
  cv::Mat noise(240, 320, CV_8UC3);
  cv::RNG random(1);
  random.fill(noise, cv::RNG::UNIFORM, 0, 256);
  REQUIRE_FALSE(pipes::find_bar(noise));
  REQUIRE(pipes::trimmed(noise, {300, 10, 10, 200}).empty());
  REQUIRE(pipes::trimmed(noise, {900, 10, 10, 200}).empty());
}

TEST_CASE("limits given are not read; a wrong rectangle is unreadable; low above high is refused") {
  const auto picture = scenes::make_thermal(with_scale(10, 60, 0));
  WatchedPipe given({{"scale.low", 10.0}, {"scale.high", 60.0}});
  REQUIRE(given.show_picture(picture.picture) == "normal");
  REQUIRE(given.measured("pipe_temperature_celsius", "max").value() == Approx(34).margin(2));
  WatchedPipe wrong({{"scale.bar", std::vector<double>{100, 100, 20, 200}}});
  REQUIRE(wrong.show_picture(picture.picture) == "unreadable");
  REQUIRE(wrong.active("sensor_unreadable"));
  WatchedPipe automatic;
  REQUIRE(automatic.show_picture(picture.picture) == "normal");
  sdk::Options options = test::options_of(
      [] {
        sdk::PluginInfo info;
        info.options = pipes::option_table();
        return info;
      }(),
      {{"scale.low", 60.0}, {"scale.high", 10.0}});
  REQUIRE_THROWS_AS(pipes::settings_from(options, {}), std::invalid_argument);
}

TEST_CASE("a reading that contradicts the last ones is refused until it comes again and again") {
  pipes::ScaleWatch watch({});
  const cv::Mat usual = scenes::make_thermal(with_scale(10, 60, 0)).picture;
  const cv::Mat other = scenes::make_thermal(with_scale(10, 95, 0)).picture;
  double t = 0;
  REQUIRE(watch.look(usual, t, false).high == 60);
  t += 6;
  REQUIRE(watch.look(other, t, false).high == 60);
  REQUIRE(watch.look(other, t, false).refused);
  for (int i = 0; i < 2; ++i) {
    cv::Mat changed = other.clone();
    changed += cv::Scalar::all(i + 1);  // a live picture is never the same
    watch.look(changed, t += 6, false);
  }
  REQUIRE(watch.look(other, t += 6, false).high == 95);
}

TEST_CASE("real pictures: limits and unit right on four of five, none wrong without a word") {
  struct Truth {
    const char* file;
    double low, high;
    char unit;  ///< ' ': the picture shows none
  };
  constexpr Truth kTruths[] = {
      {"wikimedia/02 - IRWaterCooler.jpg", 17.2, 27.8, 'C'},
      {"wikimedia/04 - AFCIs_Infrared.jpg", 4.8, 16.1, 'C'},
      {"wikimedia/06 - Aqua_Tower_thermal_imaging.jpg", 9.0, 25.8, 'F'},
      {"wikimedia/10 - IR_Fussbodenheizung.jpg", 17, 25, 'C'},
      {"wikimedia/12 - IR_moving_mercedes.jpg", -3, 12, 'C'},
      {"wikimedia/14 - Kujawy_wiatrak.jpg", -40.0, -0.2, 'C'},
      {"wikimedia/16 - Man_in_water_-_IR_image.jpg", 4.0, 10.8, 'C'},
      {"wikimedia/18 - Steam_Train_Valves_Thermal_Image.jpg", 34.1, 186.4, 'C'},
      {"wikimedia/24 - Thermographie_photovoltaique.jpg", -5.5, 12.6, 'C'},
      {"flir/FLIR_AX8.jpg", 22.9, 27.0, 'C'},
      {"flir/FLIR_E40.jpg", 18.3, 23.9, 'C'},
  };
  LYNCEUS_NEED_DATA(root, "data/thermal");
  int right = 0, all = 0;
  for (const Truth& truth : kTruths) {
    const cv::Mat pixels = picture::read(*root + "/" + truth.file).pixels;
    pipes::ScaleWatch watch({});
    const pipes::ScaleState& state = watch.look(pixels, 0, true);
    CAPTURE(truth.file, state.low, state.high, state.certain, state.why);
    const bool good = state.limits_known && std::abs(state.low - truth.low) < 0.01 &&
                      std::abs(state.high - truth.high) < 0.01 && state.fahrenheit == (truth.unit == 'F') &&
                      state.unit_seen;
    if (!good) REQUIRE_FALSE(state.certain);
    right += good ? 1 : 0;
    ++all;
  }
  REQUIRE(right * 5 >= all * 4);
}

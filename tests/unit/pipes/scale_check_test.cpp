// A scale against the temperatures beneath the picture: its shape told, radiometric data winning, portrait pictures.
#include "plugins/pipes/scale_check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/picture/picture_io.h"
#include "plugins/pipes/registration.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/unit/pipes/watched_pipe.h"

using namespace lynceus;
using pipes::Laid;
using pipes::Mapping;
using pipes::ScaleLimits;
using test::WatchedPipe;

namespace {

/// Pixels of a camera that shows the temperature at `place(share)`, both 0..1 of the limits, with noise.
template <typename Place>
std::vector<pipes::SeenOnScale> shown(const ScaleLimits& limits, Place place) {
  std::vector<pipes::SeenOnScale> out;
  cv::RNG random(5);
  for (int i = 0; i < 8000; ++i) {
    const double share = random.uniform(0.0, 1.0);
    out.push_back({float(share), float(pipes::celsius_at(limits, place(share)) + random.gaussian(0.1))});
  }
  return out;
}

const sdk::Value* inside(const sdk::Value* value, const std::string& key) {
  REQUIRE(value != nullptr);
  for (const auto& [name, part] : *value->get_if<sdk::Value::Object>()) {
    if (name == key) return &part;
  }
  return nullptr;
}

double number(const sdk::Value* value, const std::string& key) {
  const sdk::Value* part = inside(value, key);
  REQUIRE(part != nullptr);
  REQUIRE(part->get_if<double>() != nullptr);
  return *part->get_if<double>();
}

/// A drawn picture, and beneath it the field it was drawn from with everything so much warmer.
struct Pair {
  cv::Mat picture;
  sdk::Radiometric beneath;
};

Pair pair_of(double warmer) {
  auto recipe = test::plain_recipe();
  recipe.size = {640, 480};
  recipe.low = 10, recipe.high = 60;
  recipe.letter_px = 14;
  recipe.boxed = true;
  const cv::Mat field = scenes::thermal_field(recipe);
  return {scenes::make_thermal(recipe).picture, WatchedPipe::centikelvin(field + warmer)};
}

}  // namespace

TEST_CASE("the shape of a scale: straight, between other limits, bent, too little seen") {
  const ScaleLimits degrees{10, 40, Mapping::linear}, signal{10, 40, Mapping::radiance};
  const auto straight = pipes::check_scale(shown(degrees, [](double s) { return s; }), degrees);
  REQUIRE(straight);
  REQUIRE(straight->laid == Laid::linear);
  REQUIRE(straight->share_of_span < 0.01);
  REQUIRE(std::abs(straight->low_offset_kelvin.value()) < 0.3);
  REQUIRE(std::abs(straight->high_offset_kelvin.value()) < 0.3);
  REQUIRE(pipes::check_scale(shown(signal, [](double s) { return s; }), degrees)->laid == Laid::linear);

  const auto other = pipes::check_scale(shown(degrees, [](double s) { return 0.15 + 0.7 * s; }), degrees);
  REQUIRE(other->laid == Laid::shifted);
  REQUIRE(other->low_offset_kelvin.value() == Approx(4.5).margin(0.4));
  REQUIRE(other->high_offset_kelvin.value() == Approx(-4.5).margin(0.4));

  const auto bent = pipes::check_scale(shown(degrees, [](double s) { return s + 0.12 * std::sin(6.28 * s); }), degrees);
  REQUIRE(bent->laid == Laid::equalised);
  REQUIRE(bent->share_of_span > 0.05);
  REQUIRE(bent->curve_share < 0.01);
  REQUIRE_FALSE(bent->low_offset_kelvin);

  REQUIRE(pipes::check_scale(shown(degrees, [](double s) { return 0.4 + 0.0 * s; }), degrees)->laid != Laid::linear);
  std::vector<pipes::SeenOnScale> narrow = shown(degrees, [](double s) { return s; });
  for (auto& one : narrow) one.share = 0.5F, one.celsius = 25;
  REQUIRE(pipes::check_scale(narrow, degrees)->laid == Laid::unknown);
  REQUIRE_FALSE(pipes::check_scale({}, degrees));
}

TEST_CASE("share and temperature are each other's inverse") {
  for (const Mapping mapping : {Mapping::linear, Mapping::radiance}) {
    const ScaleLimits limits{-20, 130, mapping};
    for (double share = 0; share < 1.3; share += 0.1) {
      REQUIRE(pipes::share_at(limits, pipes::celsius_at(limits, share)) == Approx(share).margin(1e-9));
    }
    REQUIRE(std::isfinite(pipes::celsius_at(limits, -3)));
  }
}

TEST_CASE("radiometric data win over colours, and how far the colours are from them is told") {
  const Pair pair = pair_of(5);
  WatchedPipe pipe;
  REQUIRE(pipe.look(pair.picture, pair.beneath, 1, true) == "normal");
  REQUIRE(pipe.text("source") == "radiometric");
  const double beneath = pipe.measured("pipe_temperature_celsius", "max").value();
  const sdk::Value* off = inside(pipe.detail("scale"), "disagreement");
  REQUIRE(number(off, "median_kelvin") == Approx(5).margin(0.7));
  WatchedPipe colours({{"source", std::string("palette")}});
  REQUIRE(colours.look(pair.picture, pair.beneath, 1, true) == "normal");
  REQUIRE(colours.text("source") == "palette");
  REQUIRE(beneath - colours.measured("pipe_temperature_celsius", "max").value() == Approx(5).margin(1));
  REQUIRE(inside(colours.detail("scale"), "disagreement") != nullptr);
}

TEST_CASE("a camera held upright: the temperatures beneath lie, and are turned as the picture is") {
  cv::Mat upright(320, 240, CV_32F, cv::Scalar(20));
  upright(cv::Rect(20, 30, 60, 200)).setTo(60);
  upright(cv::Rect(150, 250, 70, 40)).setTo(45);
  for (const auto& [back, turn] : {std::pair(cv::ROTATE_90_CLOCKWISE, pipes::Turn::counter_clockwise),
                                   std::pair(cv::ROTATE_90_COUNTERCLOCKWISE, pipes::Turn::clockwise)}) {
    cv::Mat lying;
    cv::rotate(upright, lying, back);
    REQUIRE(pipes::turn_of(lying, upright) == turn);
    cv::Mat known(lying.size(), CV_8U, cv::Scalar(255));
    pipes::lay_over(lying, known, turn, upright.size());
    REQUIRE(cv::norm(lying, upright, cv::NORM_INF) == 0);
  }
  REQUIRE(pipes::turn_of(upright, upright) == pipes::Turn::none);
  REQUIRE(pipes::turn_of(cv::Mat(60, 60, CV_16U, cv::Scalar(1)), upright) == pipes::Turn::none);
}

TEST_CASE("real pictures: colours read within 2 % of the span where the camera maps them in straight lines") {
  LYNCEUS_NEED_DATA(root, "data/thermal/wikimedia");
  const std::map<std::string, std::string> kFiles{
      {"02 - IRWaterCooler", "02_-_IRWaterCooler"},
      {"06 - Aqua_Tower_thermal_imaging", "06_-_Aqua_Tower_thermal_imaging"},
      {"10 - IR_Fussbodenheizung", "10_-_IR_Fussbodenheizung"},
      {"18 - Steam_Train_Valves_Thermal_Image", "18_-_Steam_Train_Valves_Thermal_Image"},
      {"20 - Thermal_image_of_a_group_of_grey-headed_flying_foxes___",
       "20_-_Thermal_image_of_a_group_of_grey-headed_flying_foxes___"},
      {"24 - Thermographie_photovoltaique", "24_-_Thermographie_photovoltaique"},
      {"26 - Windmill_Thermal_Image", "26_-_Windmill_Thermal_Image"}};
  int linear = 0, other = 0;
  for (const auto& [name, decoded] : kFiles) {
    const auto file = picture::read(*root + "/" + name + ".jpg");
    const cv::Mat kelvin = picture::read(*root + "/decoded/" + decoded + ".tempK_x100.png").pixels;
    REQUIRE(kelvin.type() == CV_16UC1);
    WatchedPipe colours({{"source", std::string("palette")}});
    colours.wanted = {"temp"};
    colours.look(file.pixels, file.radiometric, 1, true);
    const sdk::Value* scale = colours.detail("scale");
    const sdk::Value* off = inside(scale, "disagreement");
    if (off == nullptr || *inside(off, "laid")->get_if<std::string>() != "linear") {
      ++other;
      continue;
    }
    ++linear;
    const bool fahrenheit = *inside(scale, "unit")->get_if<std::string>() == "F";
    const double unit = fahrenheit ? 1.8 : 1, zero = fahrenheit ? 32 : 0;
    const double low = (number(scale, "low") - zero) / unit, high = (number(scale, "high") - zero) / unit;
    cv::Mat truth;
    kelvin.convertTo(truth, CV_32F, 0.01, -273.15);
    cv::resize(truth, truth, file.pixels.size(), 0, 0, cv::INTER_LINEAR);
    const cv::Mat& read = colours.said().views.front().picture;
    std::vector<double> error;
    for (int y = 0; y < truth.rows; ++y) {
      for (int x = 0; x < truth.cols; ++x) {
        const double is = truth.at<float>(y, x), seen = read.at<std::uint16_t>(y, x);
        if (seen > 0 && is >= low && is <= high) error.push_back(std::abs(seen / 100 - 273.15 - is));
      }
    }
    REQUIRE(error.size() > 1000);
    std::nth_element(error.begin(), error.begin() + std::ptrdiff_t(error.size() / 2), error.end());
    CAPTURE(name);
    REQUIRE(error[error.size() / 2] / (high - low) <= 0.02);
  }
  REQUIRE(linear >= 3);
  REQUIRE(other >= 2);
}

// Colours of a scale bar to temperatures, exactly.
#include "plugins/pipes/colour_scale.h"

#include <limits>

#include "pipeline/scenes/palette.h"
#include "tests/support/catch.h"

using namespace lynceus;
using pipes::BarColours;
using pipes::ColourScale;
using pipes::Mapping;

namespace {

constexpr int kRows = 200;

/// A bar of the iron palette in a picture of its own.
cv::Mat bar_picture() {
  cv::Mat picture(kRows, 12, CV_8UC3);
  const cv::Mat palette = scenes::iron_palette();
  for (int y = 0; y < kRows; ++y) picture.row(y).setTo(palette.at<cv::Vec3b>(0, 255 - y * 255 / (kRows - 1)));
  return picture;
}

/// The definition: the row from the top whose mean is nearest, ties to the one nearer to the top.
double by_definition(const cv::Mat& bar, const cv::Vec3b& colour) {
  double best = std::numeric_limits<double>::max(), celsius = 0;
  for (int s = 0; s < kRows; ++s) {
    const cv::Vec3d d = cv::Vec3d(bar.at<cv::Vec3b>(s, 6)) - cv::Vec3d(colour);
    if (d.dot(d) >= best) continue;
    best = d.dot(d);
    celsius = 60 - 45.0 * s / (kRows - 1);
  }
  return celsius;
}

}  // namespace

TEST_CASE("the nearest row is exact for any colour") {
  const cv::Mat bar = bar_picture();
  ColourScale scale(pipes::bar_colours(bar, {0, 0, 12, kRows}), {15, 60, Mapping::linear});
  cv::Mat colours(64, 64, CV_8UC3), celsius;
  cv::RNG random(4);
  random.fill(colours, cv::RNG::UNIFORM, 0, 256);
  scale.nearest(colours, cv::Mat(64, 64, CV_8U, cv::Scalar(255)), celsius);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      REQUIRE(celsius.at<float>(y, x) == Approx(by_definition(bar, colours.at<cv::Vec3b>(y, x))).margin(1e-4));
    }
  }
}

TEST_CASE("between the rows, and what is no colour of the palette is left out") {
  ColourScale scale(pipes::bar_colours(bar_picture(), {0, 0, 12, kRows}), {15, 60, Mapping::linear});
  const cv::Mat palette = scenes::iron_palette();
  cv::Mat picture(1, 257, CV_8UC3), celsius, known;
  for (int i = 0; i < 256; ++i) picture.at<cv::Vec3b>(0, i) = palette.at<cv::Vec3b>(0, i);
  picture.at<cv::Vec3b>(0, 256) = {0, 255, 0};  // green is not in it
  scale.along(picture, 30, celsius, known);
  for (int i = 0; i < 256; ++i) {
    REQUIRE(known.at<uchar>(0, i) == 255);
    REQUIRE(celsius.at<float>(0, i) == Approx(15 + 45.0 * i / 255).margin(0.6));
  }
  REQUIRE(known.at<uchar>(0, 256) == 0);
  REQUIRE(scale.residual() < 2);
}

TEST_CASE("a horizontal bar is hot at its right end") {
  cv::Mat picture;
  cv::rotate(bar_picture(), picture, cv::ROTATE_90_CLOCKWISE);
  const BarColours colours = pipes::bar_colours(picture, {0, 0, kRows, 12});
  REQUIRE(colours.colour(0)[2] < 20);
  REQUIRE(colours.colour(kRows - 1)[2] > 240);
}

TEST_CASE("equal steps of signal are not equal steps of degrees") {
  const pipes::ScaleLimits linear{0, 100, Mapping::linear}, signal{0, 100, Mapping::radiance};
  REQUIRE(pipes::celsius_at(linear, 0.5) == Approx(50));
  REQUIRE(pipes::celsius_at(signal, 0) == Approx(0).margin(1e-9));
  REQUIRE(pipes::celsius_at(signal, 1) == Approx(100));
  REQUIRE(pipes::celsius_at(signal, 0.5) > 55);
}

TEST_CASE("less than two colours are no scale") {
  REQUIRE_THROWS_AS(ColourScale(BarColours{}, {0, 1, Mapping::linear}), std::invalid_argument);
}

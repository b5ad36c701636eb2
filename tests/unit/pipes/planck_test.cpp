// Raw values to temperatures: gain and offset, Planck's law both ways, emissivity.
#include "plugins/pipes/planck.h"

#include <cmath>

#include "tests/support/catch.h"

using namespace lynceus;

namespace {

sdk::Planck camera() {
  sdk::Planck p;
  p.r1 = 14866.514, p.r2 = 0.011086479, p.b = 1395.7, p.f = 1, p.o = -5859;  // an E40's
  return p;
}

/// What the sensor sees of an object, written out once more.
double seen(const sdk::Planck& p, double kelvin) { return p.r1 / (p.r2 * (std::exp(p.b / kelvin) - p.f)) - p.o; }

}  // namespace

TEST_CASE("gain and offset give kelvin") {
  sdk::Radiometric r;
  r.gain = 0.04, r.offset = 10;
  REQUIRE(pipes::celsius_of(r, {}, 7000) == Approx(7000 * 0.04 + 10 - 273.15));
}

TEST_CASE("a black body without air between comes back") {
  sdk::Radiometric r;
  r.planck = camera();
  for (const double celsius : {-20.0, 0.0, 21.5, 60.0, 110.0}) {
    REQUIRE(pipes::celsius_of(r, {}, seen(*r.planck, celsius + 273.15)) == Approx(celsius).margin(1e-6));
  }
}

TEST_CASE("emissivity and reflected temperature are taken out") {
  sdk::Radiometric r;
  r.planck = camera();
  r.planck->emissivity = 0.8;
  r.planck->reflected_kelvin = 293.15;
  const double raw = 0.8 * seen(*r.planck, 333.15) + 0.2 * seen(*r.planck, 293.15);
  REQUIRE(pipes::celsius_of(r, {}, raw) == Approx(60).margin(1e-6));
  // A zone that knows better.
  const double own = 0.3 * seen(*r.planck, 333.15) + 0.7 * seen(*r.planck, 313.15);
  REQUIRE(pipes::celsius_of(r, {0.3, 40.0}, own) == Approx(60).margin(1e-6));
}

TEST_CASE("the sign of O matters") {
  sdk::Radiometric r;
  r.planck = camera();
  const double right = pipes::celsius_of(r, {}, 17622);
  r.planck->o = -r.planck->o;
  REQUIRE(std::abs(right - pipes::celsius_of(r, {}, 17622)) > 20);
  REQUIRE(right > 15);
  REQUIRE(right < 27);
}

TEST_CASE("a frame: what is no temperature is told") {
  sdk::Radiometric r;
  r.raw = cv::Mat(2, 2, CV_16UC1, cv::Scalar(29315));
  r.raw.at<std::uint16_t>(0, 0) = 0;
  cv::Mat celsius, known;
  pipes::to_celsius(r, {}, celsius, known);
  REQUIRE(celsius.at<float>(1, 1) == Approx(20).margin(0.01));
  REQUIRE(known.at<uchar>(0, 0) == 0);
  REQUIRE(known.at<uchar>(1, 1) == 255);
  r.planck = camera();
  pipes::to_celsius(r, {}, celsius, known);
  REQUIRE(known.at<uchar>(0, 0) == 0);
}

TEST_CASE("a temperature read with one emissivity, as it is with another") {
  REQUIRE(pipes::with_emissivity(60, 0.95, {}) == 60);
  REQUIRE(pipes::with_emissivity(60, 0.95, {0.95, 20.0}) == Approx(60).margin(1e-6));
  REQUIRE(pipes::with_emissivity(60, 0.95, {0.5, 20.0}) > 75);
}

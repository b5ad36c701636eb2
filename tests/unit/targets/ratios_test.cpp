// Signal to noise by the published formula, and what goes with it.
#include "plugins/targets/ratios.h"

#include <cmath>
#include <opencv2/core.hpp>

#include "tests/support/catch.h"
#include "tests/unit/targets/sky.h"

namespace lynceus::test {

TEST_CASE("Signal to noise does not subtract the background, signal to clutter does") {
  cv::Mat picture(120, 160, CV_32F, cv::Scalar(100));
  picture = with_noise(picture, 4, 7);
  cv::Mat grey = to_8bit(picture);
  const cv::Rect box(79, 59, 3, 3);
  grey(box).setTo(180);
  const auto ratios = targets::ratios_at(grey, box, targets::sigma_floor(grey));
  REQUIRE(ratios);
  REQUIRE(ratios->sigma == Approx(4).margin(0.4));
  REQUIRE(ratios->snr_db == Approx(20 * std::log10(180 / ratios->sigma)));
  REQUIRE(ratios->scr == Approx(80 / ratios->sigma).margin(0.5));
  REQUIRE_FALSE(ratios->on_floor);
}

TEST_CASE("An even background counts as half a grey level of noise") {
  cv::Mat grey(100, 100, CV_8UC1, cv::Scalar(10));
  grey.at<uchar>(50, 50) = 50;
  const auto ratios = targets::ratios_at(grey, {50, 50, 1, 1}, targets::sigma_floor(grey));
  REQUIRE(ratios);
  REQUIRE(ratios->on_floor);
  REQUIRE(ratios->snr_db == Approx(40.0));
}

TEST_CASE("Nothing is told of a target that leaves no background around, or lies outside") {
  const cv::Mat grey(100, 100, CV_8UC1, cv::Scalar(10));
  REQUIRE_FALSE(targets::ratios_at(grey, {20, 20, 60, 60}, 0.5));
  REQUIRE_FALSE(targets::ratios_at(grey, {200, 20, 6, 6}, 0.5));
  REQUIRE(targets::ratios_at(grey, {0, 0, 6, 6}, 0.5));
}

}  // namespace lynceus::test

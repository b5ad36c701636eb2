// The plugin's own quick ways with masks, each beside OpenCV's slower one.
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

#include "plugins/pipes/chamfer.h"
#include "plugins/pipes/components.h"
#include "plugins/pipes/shrink.h"
#include "tests/support/catch.h"

namespace lynceus::pipes {
namespace {

cv::Mat speckled(cv::Size size, double share, std::uint64_t seed) {
  cv::RNG random(seed);
  cv::Mat noise(size, CV_8U), mask;
  random.fill(noise, cv::RNG::UNIFORM, 0, 256);
  cv::threshold(noise, mask, 255 * (1 - share), 255, cv::THRESH_BINARY);
  return mask;
}

}  // namespace

TEST_CASE("Components: the same parts as OpenCV's") {
  for (const double share : {0.02, 0.2, 0.4, 0.6, 0.98, 0.0, 1.0}) {
    for (const cv::Size size : {cv::Size(97, 61), cv::Size(1, 40), cv::Size(40, 1), cv::Size(8, 8)}) {
      const cv::Mat mask = speckled(size, share, 7);
      cv::Mat labels, stats, centres;
      const int count = cv::connectedComponentsWithStats(mask, labels, stats, centres, 8, CV_32S);
      const Components components(mask);
      REQUIRE(static_cast<int>(components.all().size()) == count - 1);
      int total = 0;
      for (const Part& part : components.all()) {
        const cv::Mat own = components.mask_of(part);
        cv::Point inside;
        cv::minMaxLoc(own, nullptr, nullptr, nullptr, &inside);
        const int label = labels.at<int>(part.box.tl() + inside);
        REQUIRE(part.area == stats.at<int>(label, cv::CC_STAT_AREA));
        REQUIRE(part.box.x == stats.at<int>(label, cv::CC_STAT_LEFT));
        REQUIRE(part.box.height == stats.at<int>(label, cv::CC_STAT_HEIGHT));
        REQUIRE(std::abs(part.centre_x - centres.at<double>(label, 0)) < 1e-9);
        REQUIRE(cv::countNonZero((labels(part.box) == label) != own) == 0);
        total += part.area;
      }
      REQUIRE(total == cv::countNonZero(mask));
    }
  }
}

TEST_CASE("Distances: as OpenCV's, to the nearest hundredth of the way") {
  for (const double share : {0.9, 0.99, 0.9995}) {
    const cv::Mat mask = speckled({200, 150}, share, 11);
    cv::Mat expected;
    cv::distanceTransform(mask, expected, cv::DIST_L2, 3);
    const cv::Mat found = chamfer(mask);
    for (int y = 0; y < mask.rows; ++y) {
      for (int x = 0; x < mask.cols; ++x) {
        const double is = found.at<std::int16_t>(y, x) / double(kChamferUnit), should = expected.at<float>(y, x);
        REQUIRE(std::abs(is - should) <= 0.01 * should);
      }
    }
  }
  REQUIRE(chamfer(cv::Mat(400, 500, CV_8U, cv::Scalar(255))).at<std::int16_t>(200, 200) == kChamferMost);
}

TEST_CASE("Shrinking: OpenCV's means over areas, of what is known alone") {
  cv::RNG random(5);
  for (const double factor : {1.0, 0.5, 0.5714, 0.25, 0.3333, 0.07}) {
    cv::Mat celsius(131, 173, CV_32F), small, small_known, expected, weights;
    random.fill(celsius, cv::RNG::UNIFORM, -20.0, 90.0);
    cv::Mat known = speckled(celsius.size(), 0.8, 3);
    shrink(celsius, known, factor, small, small_known);
    known.convertTo(weights, CV_32F, 1 / 255.0);
    cv::resize(celsius.mul(weights), expected, small.size(), 0, 0, cv::INTER_AREA);
    cv::resize(weights, weights, small.size(), 0, 0, cv::INTER_AREA);
    expected /= cv::max(weights, 1e-3);
    REQUIRE(cv::norm(small, expected, cv::NORM_INF) < 0.002);
    weights.convertTo(weights, CV_8U, 255);
    REQUIRE(cv::norm(small_known, weights, cv::NORM_INF) <= 1);
    known.setTo(255);
    shrink(celsius, known, factor, small, small_known);
    cv::resize(celsius, expected, small.size(), 0, 0, cv::INTER_AREA);
    REQUIRE(cv::norm(small, expected, cv::NORM_INF) < 0.002);
    REQUIRE(cv::countNonZero(small_known != 255) == 0);
  }
}

TEST_CASE("Shrinking: every size comes out") {
  for (int from = 16; from < 60; ++from) {
    for (int percent = 5; percent <= 100; percent += 3) {
      const cv::Mat celsius(from, from + 1, CV_32F, cv::Scalar(21));
      cv::Mat known(celsius.size(), CV_8U, cv::Scalar(255)), small, small_known;
      known.at<uchar>(0, 0) = 0;
      shrink(celsius, known, percent / 100.0, small, small_known);
      REQUIRE(cv::norm(small(cv::Rect(small.cols - 1, small.rows - 1, 1, 1)), cv::Mat(1, 1, CV_32F, cv::Scalar(21)),
                       cv::NORM_INF) < (small.total() > 1 ? 0.001 : 22));
    }
  }
}

}  // namespace lynceus::pipes

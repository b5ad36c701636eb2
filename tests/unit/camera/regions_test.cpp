#include "pipeline/camera/regions.h"

#include <opencv2/imgproc.hpp>

#include "tests/support/catch.h"

namespace lynceus::camera {
namespace {

cv::Mat mask_with(const std::vector<cv::Rect>& boxes) {
  cv::Mat mask = cv::Mat::zeros(90, 160, CV_8UC1);
  for (const cv::Rect& box : boxes) mask(box).setTo(255);
  return mask;
}

TEST_CASE("each part gets its box, largest first") {
  const auto found = find_regions(mask_with({{5, 5, 10, 10}, {60, 40, 20, 30}}), 20);
  REQUIRE(found.size() == 2);
  CHECK(found[0] == cv::Rect(60, 40, 20, 30));
  CHECK(found[1] == cv::Rect(5, 5, 10, 10));
}

TEST_CASE("parts that touch by a corner are one") {
  cv::Mat mask = mask_with({{10, 10, 5, 5}, {15, 15, 5, 5}});
  const auto found = find_regions(mask, 1);
  REQUIRE(found.size() == 1);
  CHECK(found[0] == cv::Rect(10, 10, 10, 10));
}

TEST_CASE("a bow that closes late is one part") {
  const auto found = find_regions(mask_with({{10, 10, 2, 20}, {30, 10, 2, 20}, {10, 28, 22, 2}}), 1);
  REQUIRE(found.size() == 1);
  CHECK(found[0] == cv::Rect(10, 10, 22, 20));
}

TEST_CASE("fragments near each other are one thing, specks alone are none") {
  const auto found = find_regions(mask_with({{10, 10, 4, 5}, {15, 10, 4, 5}, {100, 80, 2, 2}}), 30);
  REQUIRE(found.size() == 1);
  CHECK(found[0] == cv::Rect(10, 10, 9, 5));
}

TEST_CASE("a hundred parts give at most 32 boxes") {
  std::vector<cv::Rect> boxes;
  for (int i = 0; i < 100; ++i) boxes.emplace_back((i % 16) * 10, (i / 16) * 12, 3, 3);
  CHECK(find_regions(mask_with(boxes), 1).size() == kMostRegions);
}

TEST_CASE("nothing moves, no box") { CHECK(find_regions(mask_with({}), 1).empty()); }

}  // namespace
}  // namespace lynceus::camera

// The multi-level filter against the same written with plain calls of OpenCV, and what it keeps and takes away.
#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "plugins/targets/line_element.h"
#include "plugins/targets/line_filter.h"
#include "plugins/targets/line_runs.h"
#include "tests/support/catch.h"
#include "tests/unit/targets/sky.h"

namespace lynceus::test {
namespace {

using targets::LineFilter;

cv::Mat residual_of(const cv::Mat& picture, int directions = 4, int length = 15) {
  cv::Mat out;
  LineFilter(directions, length).residual(picture, out);
  return out;
}

cv::Mat plain_residual(const cv::Mat& picture, int directions, int length) {
  cv::Mat background = cv::Mat::zeros(picture.size(), picture.type()), line;
  for (int i = 0; i < directions; ++i) {
    cv::morphologyEx(picture, line, cv::MORPH_OPEN, targets::line_mask(i, directions, length));
    background = cv::max(background, line);
  }
  return picture - background;
}

cv::Mat random_picture(cv::Size size, int type, std::uint64_t seed) {
  cv::Mat picture(size, type);
  cv::RNG random(seed);
  random.fill(picture, cv::RNG::UNIFORM, 0, type == CV_8UC1 ? 256 : 65536);
  return picture;
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

}  // namespace

TEST_CASE("The filter is the formula to the bit, whatever the size and depth") {
  const cv::Size sizes[] = {{640, 48}, {33, 29}, {320, 61}, {7, 5}, {1, 40}, {40, 1}, {16, 16}, {65, 31}};
  for (const int type : {CV_8UC1, CV_16UC1}) {
    for (const int directions : {4, 8}) {
      for (const cv::Size size : sizes) {
        const cv::Mat picture = random_picture(size, type, std::uint64_t(size.area()));
        INFO(size << " type " << type << " directions " << directions);
        REQUIRE(same(residual_of(picture, directions), plain_residual(picture, directions, 15)));
      }
    }
  }
  const cv::Mat smooth = to_8bit(with_noise(smooth_sky({160, 120}), 4, 1));
  for (const int length : {3, 5, 7, 9, 11, 13, 15})
    REQUIRE(same(residual_of(smooth, 8, length), plain_residual(smooth, 8, length)));
}

TEST_CASE("A part of a larger picture is filtered as if it stood alone") {
  const cv::Mat large = random_picture({200, 150}, CV_8UC1, 3);
  const cv::Mat part = large(cv::Rect(20, 30, 90, 70));
  REQUIRE(same(residual_of(part), residual_of(part.clone())));
}

TEST_CASE("The lines have as many points as they should, and are their own mirror image") {
  const std::size_t expected[] = {15, 15, 11, 15, 15, 15, 11, 15};
  for (int i = 0; i < 8; ++i) {
    const auto line = targets::line_element(i, 8, 15);
    REQUIRE(line.size() == expected[i]);
    for (const cv::Point& p : line) REQUIRE(std::find(line.begin(), line.end(), -p) != line.end());
  }
  REQUIRE(targets::line_mask(1, 8, 15).size() == cv::Size(13, 7));
  REQUIRE(targets::line_mask(3, 8, 15).size() == cv::Size(7, 13));
}

TEST_CASE("The runs of a line are its points, and few") {
  for (int i = 0; i < 8; ++i) {
    const auto line = targets::line_element(i, 8, 15);
    const targets::LineRuns runs = targets::runs_of(line);
    REQUIRE(runs.runs.size() <= 7);
    std::vector<cv::Point> points;
    for (const targets::Run& run : runs.runs) {
      for (int k = 0; k < run.length; ++k) points.push_back(run.last - runs.step * k);
    }
    for (const cv::Point& p : line) REQUIRE(std::find(points.begin(), points.end(), p) != points.end());
    for (const cv::Point& p : points) REQUIRE(std::find(line.begin(), line.end(), p) != line.end());
  }
}

TEST_CASE("One filter serves pictures of several sizes and depths") {
  LineFilter filter(8, 15);
  for (const cv::Size size : {cv::Size(90, 40), cv::Size(33, 70), cv::Size(90, 40)}) {
    for (const int type : {CV_16UC1, CV_8UC1}) {
      const cv::Mat picture = random_picture(size, type, std::uint64_t(size.width));
      cv::Mat out;
      filter.residual(picture, out);
      REQUIRE(same(out, plain_residual(picture, 8, 15)));
    }
  }
}

TEST_CASE("A point beside an edge is the greatest of M; edges and a smooth sky leave nothing") {
  cv::Mat sky = smooth_sky({320, 240});
  REQUIRE(cv::norm(residual_of(to_8bit(sky)), cv::NORM_INF) <= 3);
  cv::Mat halves = cv::Mat::zeros(240, 320, CV_8UC1);
  halves.colRange(160, 320).setTo(60);
  REQUIRE(cv::countNonZero(residual_of(halves)) == 0);
  sky.colRange(200, 320) += 60;
  int right = 0;
  for (int trial = 0; trial < 20; ++trial) {
    cv::Mat picture = sky.clone();
    const cv::Point at(50 + 5 * trial, 60 + 6 * trial);
    add_point(picture, at, 30, 1.2);
    const cv::Mat m = targets::opened(residual_of(to_8bit(with_noise(picture, 3, std::uint64_t(trial) + 1))), {2, 2});
    cv::Point top;
    cv::minMaxLoc(m, nullptr, nullptr, nullptr, &top);
    right += cv::norm(top - at) <= 3;
  }
  REQUIRE(right == 20);
}

TEST_CASE("What is as long as the lines stays background") {
  const auto left = [](int side) {
    cv::Mat picture = cv::Mat::zeros(60, 60, CV_8UC1);
    picture(cv::Rect(20, 20, side, side)).setTo(200);
    return double(cv::countNonZero(residual_of(picture))) / (side * side);
  };
  REQUIRE(left(10) == 1);
  REQUIRE(left(11) == Approx(0.83).margin(0.01));
  REQUIRE(left(12) == Approx(0.56).margin(0.01));
  REQUIRE(left(15) == 0);
}

TEST_CASE("Nothing is negative, and background and residual make the picture") {
  const cv::Mat picture = random_picture({100, 80}, CV_8UC1, 9);
  LineFilter filter(8, 15);
  const cv::Mat background = filter.background(picture), u = residual_of(picture, 8);
  REQUIRE(cv::countNonZero(background > picture) == 0);
  REQUIRE(same(background + u, picture));
}

TEST_CASE("An opening by an even rectangle moves nothing, and takes what is smaller") {
  cv::Mat picture = cv::Mat::zeros(40, 40, CV_8UC1);
  picture(cv::Rect(10, 12, 3, 3)).setTo(90);
  REQUIRE(same(targets::opened(picture, {2, 2}), picture));
  REQUIRE(cv::countNonZero(targets::opened(picture, {5, 5})) == 0);
  picture.at<uchar>(30, 30) = 90;
  REQUIRE(targets::opened(picture, {2, 2}).at<uchar>(30, 30) == 0);
  REQUIRE(targets::opened(picture, {1, 1}).at<uchar>(30, 30) == 90);
  for (const cv::Size even : {cv::Size(2, 4), cv::Size(4, 2), cv::Size(3, 3)}) {
    cv::Mat block = cv::Mat::zeros(30, 30, CV_8UC1);
    block(cv::Rect(7, 9, 8, 8)).setTo(50);
    REQUIRE(same(targets::opened(block, even), block));
  }
}

}  // namespace lynceus::test

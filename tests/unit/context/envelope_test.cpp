// Outside the things a result stays between what day and night have around.
#include "plugins/context/envelope.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "plugins/context/fusion.h"
#include "tests/support/catch.h"

namespace lynceus::context {
namespace {

cv::Mat grey(cv::Size size, int level) { return cv::Mat(size, CV_8UC3, cv::Scalar::all(level)); }

TEST_CASE("the range around a pixel holds what day and night have within fifteen pixels") {
  cv::Mat day = grey({161, 121}, 100);
  day(cv::Rect(0, 0, 40, 121)).setTo(cv::Scalar::all(180));
  const cv::Mat night = grey(day.size(), 20), none = cv::Mat::zeros(day.size(), CV_8UC1);
  for (const cv::Rect& rect : {cv::Rect({0, 0}, day.size()), cv::Rect(30, 10, 92, 70), cv::Rect(121, 91, 40, 30)}) {
    const cv::Mat v = cv::Mat::zeros(rect.size(), CV_32F);
    const Range range = range_of(envelope_of(day), night, rect, v, none(rect), none(rect));
    REQUIRE(range.greatest.size() == rect.size());
    for (int x = 0; x < rect.width; ++x) {
      REQUIRE(range.least.at<uchar>(5, x) == 20);
      if (rect.x + x < 48) REQUIRE(range.greatest.at<uchar>(5, x) == 180);
      if (rect.x + x > 62) REQUIRE(range.greatest.at<uchar>(5, x) == 100);
    }
    REQUIRE(cv::countNonZero(range.over) == 0);
    REQUIRE(cv::countNonZero(range.under) == 0);
  }
}

TEST_CASE("a thing brighter than all around it is moved as a whole") {
  const cv::Mat day = grey({160, 120}, 100), night = grey(day.size(), 20);
  cv::Mat things = cv::Mat::zeros(day.size(), CV_8UC1), v = cv::Mat::zeros(day.size(), CV_32F);
  const cv::Rect thing(60, 40, 32, 40);
  things(thing).setTo(255);
  v(thing).setTo(70);
  const cv::Mat all(day.size(), CV_8UC1, cv::Scalar(255));
  const Range range = range_of(envelope_of(day), night, cv::Rect({0, 0}, day.size()), v, all, things);
  REQUIRE(range.over.at<uchar>(60, 76) == 70);
  REQUIRE(range.under.at<uchar>(60, 76) == 0);
}

/// How far the result is outside day's and night's own range, two pixels from the thing and more.
int outside(const cv::Mat& result, const cv::Mat& thing, int least, int greatest) {
  cv::Mat around, luma;
  cv::dilate(thing, around, cv::Mat::ones(5, 5, CV_8UC1));
  cv::cvtColor(result, luma, cv::COLOR_BGR2GRAY);
  double low = 0, high = 0;
  cv::minMaxLoc(luma, &low, &high, nullptr, nullptr, around == 0);
  return std::max(least - int(low), int(high) - greatest);
}

TEST_CASE("a bright thing in front of a lit wall leaves no halo") {
  cv::Mat day = grey({160, 120}, 150);
  day(cv::Rect(0, 0, 80, 120)).setTo(cv::Scalar::all(200));
  cv::Mat night = grey(day.size(), 20), thing = cv::Mat::zeros(day.size(), CV_8UC1), importance;
  thing(cv::Rect(62, 40, 36, 40)).setTo(255);
  night(cv::Rect(98, 30, 30, 60)).setTo(cv::Scalar::all(180));
  night.setTo(cv::Scalar::all(210), thing);
  cv::dilate(thing, importance, cv::Mat::ones(9, 9, CV_8UC1));
  const cv::Mat all(day.size(), CV_8UC1, cv::Scalar(255));
  const std::vector<Window> whole{whole_picture(day.size())};
  Fusion fusion;
  fusion.set_day(day);
  const cv::Mat as_it_comes = fusion.fuse({night, importance, {}, {}, whole});
  REQUIRE(outside(as_it_comes, thing, 20, 210) > 10);
  fusion.forget();
  const cv::Mat kept = fusion.fuse({night, importance, all, thing, whole});
  REQUIRE(outside(kept, thing, 20, 210) <= 3);
}

TEST_CASE("pictures of a pixel's width or height are pictures too") {
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(1, 9), cv::Size(9, 1), cv::Size(2, 3), cv::Size(5, 5)}) {
    const cv::Mat all(size, CV_8UC1, cv::Scalar(255)), none = cv::Mat::zeros(size, CV_8UC1);
    Fusion fusion;
    fusion.set_day(grey(size, 60));
    const cv::Mat night = grey(size, 90);
    const cv::Mat seen = fusion.fuse({night, all, {}, {}, {whole_picture(size)}});
    REQUIRE(cv::norm(seen, night, cv::NORM_INF) <= 1);
    REQUIRE(fusion.fuse({night, all, all, none, {whole_picture(size)}}).size() == size);
  }
}

TEST_CASE("a picture that somebody holds is not written to again") {
  const cv::Mat day = grey({64, 48}, 60), all(day.size(), CV_8UC1, cv::Scalar(255));
  Fusion fusion;
  fusion.set_day(day);
  const std::vector<Window> whole{whole_picture(day.size())};
  const cv::Mat first = fusion.fuse({grey(day.size(), 90), all, {}, {}, whole}), copy = first.clone();
  for (int i = 0; i < 8; ++i) fusion.fuse({grey(day.size(), 10 * i), all, {}, {}, whole});
  REQUIRE(cv::norm(first, copy, cv::NORM_INF) == 0);
}

}  // namespace
}  // namespace lynceus::context

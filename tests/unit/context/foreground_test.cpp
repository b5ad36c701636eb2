#include "plugins/context/foreground.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "plugins/context/windows.h"
#include "tests/support/catch.h"
#include "tests/unit/context/pictures.h"

namespace lynceus::context {
namespace {

const cv::Size kSize(320, 240);

cv::Mat with_box(const cv::Mat& night, int x) {
  cv::Mat frame = night.clone();
  cv::rectangle(frame, cv::Rect(x, 90, 40, 50), cv::Scalar(120, 130, 140), cv::FILLED);
  return frame;
}

double share(const cv::Mat& found, const cv::Rect& of) { return double(cv::countNonZero(found(of))) / of.area(); }

TEST_CASE("noise is no thing, a thing is found whole and nowhere else") {
  cv::RNG random(7);
  const cv::Mat night = test::by_night(test::place(kSize, 3), 4);
  Foreground foreground;
  foreground.trust(night);
  for (int i = 0; i < 10; ++i) REQUIRE(cv::countNonZero(foreground.find(test::with_noise(night, 3, random))) == 0);
  const cv::Mat found = foreground.find(test::with_noise(with_box(night, 120), 3, random));
  REQUIRE(share(found, {122, 92, 36, 46}) == 1);
  REQUIRE(cv::countNonZero(found) < 1.4 * 40 * 50);
}

TEST_CASE("what drove off after the first frame leaves no ghost") {
  cv::RNG random(7);
  const cv::Mat night = test::by_night(test::place(kSize, 3), 4);
  Foreground foreground;
  cv::Mat found;
  for (int i = 0; i < 30; ++i)
    found = foreground.find(test::with_noise(i < 1 ? with_box(night, 60) : night, 2, random));
  REQUIRE(cv::countNonZero(found) == 0);
}

TEST_CASE("a change of the whole picture begins anew and is no thing") {
  const cv::Mat night = test::by_night(test::place(kSize, 3), 4);
  Foreground foreground;
  foreground.find(night);
  REQUIRE(cv::countNonZero(foreground.find(night + cv::Scalar::all(40))) == 0);
  REQUIRE(foreground.began_anew());
  REQUIRE(cv::countNonZero(foreground.find(night + cv::Scalar::all(40))) == 0);
  REQUIRE_FALSE(foreground.began_anew());
}

TEST_CASE("windows hold what is important, apart where they can be") {
  cv::Mat importance = cv::Mat::zeros(240, 320, CV_8UC1);
  importance(cv::Rect(100, 100, 20, 20)).setTo(255);
  importance(cv::Rect(300, 0, 20, 30)).setTo(255);
  for (const cv::Size picture : {cv::Size(320, 240), cv::Size(1280, 960), cv::Size(641, 481)}) {
    const auto windows = windows_around(importance, picture, 32);
    REQUIRE(windows.size() == 2);
    REQUIRE((windows[0].rect & windows[1].rect).empty());
    for (const Window& window : windows) {
      REQUIRE((window.rect & cv::Rect({0, 0}, picture)) == window.rect);
      REQUIRE(window.rect.x % 2 == 0);
      REQUIRE(window.rect.y % 2 == 0);
    }
  }
  REQUIRE(windows_around(cv::Mat::zeros(240, 320, CV_8UC1), {320, 240}, 32).empty());
  importance.setTo(1);
  REQUIRE(windows_around(importance, {320, 240}, 32).at(0).rect == cv::Rect(0, 0, 320, 240));
}

}  // namespace
}  // namespace lynceus::context

// A day in front of a camera that works: nothing may be raised.
#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <string>

#include "tests/support/catch.h"
#include "tests/unit/health/watched_camera.h"

namespace lynceus::health {
namespace {

using test::scenery;
using test::WatchedCamera;

constexpr double kDay_s = 24 * 3600;
const cv::Size kSmall{320, 180};

/// Dark figures that walk through, each on a row of its own.
void add_people(cv::Mat& picture, double time_s) {
  for (int person = 0; person < 4; ++person) {
    const double speed = 8 + 3 * person;  // pixels a second
    const int x = static_cast<int>(std::fmod(time_s * speed + 97 * person, picture.cols * 2.0));
    cv::ellipse(picture, {x, picture.rows / 2 + 12 * person}, {9, 28}, 0, 0, 360, cv::Scalar(25 + 40 * person),
                cv::FILLED);
  }
}

/// The sun moves: brightness over the day, and a shadow that creeps.
cv::Mat by_daylight(const cv::Mat& scene, double time_s) {
  const double height = std::sin(CV_PI * time_s / kDay_s);
  cv::Mat lit;
  scene.convertTo(lit, CV_8U, 0.55 + 0.5 * height, -5 + 10 * height);
  const int edge = static_cast<int>(lit.cols * time_s / kDay_s);
  cv::Mat shadow = lit.colRange(std::max(0, edge - lit.cols / 4), std::max(1, edge));
  shadow *= 0.7;
  return lit;
}

TEST_CASE("a day of a still but living scene raises nothing", "[heavy]") {
  WatchedCamera camera({}, kSmall);
  camera.set_step(20);
  const cv::Mat scene = scenery(kSmall);
  for (double t = 0; t < kDay_s; t += 20) {
    const std::string state = camera.show(camera.live(by_daylight(scene, t)));
    INFO("at " << t << " s");
    REQUIRE(state == "ok");
  }
}

TEST_CASE("people who walk about raise nothing", "[heavy]") {
  WatchedCamera camera({}, kSmall);
  const cv::Mat scene = scenery(kSmall);
  for (double t = 0; t < 900; t += 0.5) {
    cv::Mat picture = scene.clone();
    add_people(picture, t);
    INFO("at " << t << " s");
    REQUIRE(camera.show(camera.live(picture)) == "ok");
  }
}

TEST_CASE("night falls, and the infrared light comes on: nothing is raised", "[heavy]") {
  WatchedCamera camera({}, kSmall);
  const cv::Mat day = scenery(kSmall);
  cv::Mat night;  // the same place in another light: other shades, a bright middle, more noise
  cv::addWeighted(day, -0.5, scenery(kSmall, 1), 0.3, 150, night);
  for (int turn = 0; turn < 3; ++turn) {
    camera.set_light(sdk::Light::day);
    for (int look = 0; look < 240; ++look) REQUIRE(camera.show(camera.live(day)) == "ok");
    camera.set_light(sdk::Light::adapting);
    for (int look = 0; look < 12; ++look) REQUIRE(camera.show(camera.live(night * (0.2 + 0.06 * look), 8)) == "ok");
    camera.set_light(sdk::Light::night);
    REQUIRE(camera.show(camera.live(night, 6), true) == "ok");
    for (int look = 0; look < 240; ++look) REQUIRE(camera.show(camera.live(night, 6)) == "ok");
    camera.set_light(sdk::Light::adapting);
    for (int look = 0; look < 12; ++look) REQUIRE(camera.show(camera.live(day)) == "ok");
  }
}

TEST_CASE("a lamp switched on changes the shades, not the place") {
  WatchedCamera camera({}, kSmall);
  const cv::Mat scene = scenery(kSmall);
  REQUIRE(camera.show_live(scene, 120) == "ok");
  cv::Mat lit = scene * 0.6;
  cv::Mat lamp = cv::Mat::zeros(kSmall, CV_8UC1);
  cv::circle(lamp, {80, 60}, 60, cv::Scalar(90), cv::FILLED);
  cv::GaussianBlur(lamp, lamp, {}, 20);
  lit += lamp;
  for (int look = 0; look < 120; ++look) REQUIRE(camera.show(camera.live(lit)) == "ok");
}

TEST_CASE("a view without detail is no trouble") {
  WatchedCamera camera({}, kSmall);
  cv::Mat sky(kSmall, CV_8UC1);
  for (int y = 0; y < sky.rows; ++y) sky.row(y).setTo(120 + 80 * y / sky.rows);
  for (int look = 0; look < 400; ++look) REQUIRE(camera.show(camera.live(sky, 3)) == "ok");
}

}  // namespace
}  // namespace lynceus::health

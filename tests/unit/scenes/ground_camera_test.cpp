#include "pipeline/scenes/ground_camera.h"

#include <opencv2/core.hpp>

#include "pipeline/scenes/walk.h"
#include "tests/support/catch.h"

namespace lynceus::scenes {

TEST_CASE("floor to pixel and back") {
  const GroundCamera camera({.size = {640, 480}, .height_m = 3, .pitch_degrees = 18, .focal_px = 554});
  for (const cv::Point2d at : {cv::Point2d(0, 5), {-2.5, 7}, {4, 30}}) {
    const auto back = camera.ground(camera.pixel({at.x, at.y, 0}));
    REQUIRE(back);
    CHECK(cv::norm(*back - at) < 1e-9);
  }
  CHECK_FALSE(camera.ground({320, 0}));
}

TEST_CASE("the matrix says the same as the functions") {
  const GroundCamera camera({.size = {1281, 719}, .height_m = 8, .pitch_degrees = 21, .focal_px = 1100});
  for (const cv::Point2d at : {cv::Point2d(0, 15), {-7, 22}, {12, 40}}) {
    const cv::Vec3d pixel = camera.ground_to_pixel() * cv::Vec3d(at.x, at.y, 1);
    const cv::Point2d expected = camera.pixel({at.x, at.y, 0});
    CHECK(pixel[0] / pixel[2] == Approx(expected.x));
    CHECK(pixel[1] / pixel[2] == Approx(expected.y));
  }
}

TEST_CASE("a point straight ahead of a level camera is the picture's centre") {
  const GroundCamera camera({.size = {640, 480}, .height_m = 2, .pitch_degrees = 0, .focal_px = 500});
  CHECK(cv::norm(camera.pixel({0, 10, 2}) - cv::Point2d(320, 240)) < 1e-9);
  CHECK(camera.pixels_per_metre({0, 10, 0}) == Approx(50));
}

TEST_CASE("a walk keeps its speed and closes") {
  const Walk walk({{-2, 5}, {2, 5}, {2, 9}, {-2, 9}}, 1.25);
  for (double time_s = 0; time_s < 30; time_s += 0.37) {
    const double step = cv::norm(walk.at(time_s + 0.04).ground - walk.at(time_s).ground);
    CHECK(step == Approx(0.05).epsilon(0.03));
  }
  const double lap = walk.length_m() / 1.25;
  CHECK(cv::norm(walk.at(lap + 1).ground - walk.at(1).ground) < 1e-6);
}

}  // namespace lynceus::scenes

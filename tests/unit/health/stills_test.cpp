// One picture alone: its levels and its sharpness are judged, time plays no part.
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/support/catch.h"
#include "tests/unit/health/watched_camera.h"

namespace lynceus::health {
namespace {

using test::scenery;
using test::WatchedCamera;

TEST_CASE("one picture is judged alone, at once") {
  WatchedCamera camera;
  const cv::Mat scene = scenery(camera.size());
  REQUIRE(camera.show_still(scene) == "ok");
  REQUIRE(camera.show_still(cv::Mat(camera.size(), CV_8UC1, cv::Scalar(0))) == "dark");
  REQUIRE(camera.show_still(scene * 0.1) == "dark");
  REQUIRE(camera.show_still(cv::Mat(camera.size(), CV_8UC1, cv::Scalar(255))) == "bright");
  REQUIRE(camera.show_still(cv::Mat(camera.size(), CV_8UC1, cv::Scalar(120))) == "flat");
  cv::Mat blurred;
  cv::GaussianBlur(scene, blurred, {}, 6);
  REQUIRE(camera.show_still(blurred) == "blurred");
  REQUIRE(camera.show_still(camera.live(blurred, 2)) == "blurred");
  REQUIRE(camera.show_still(scene) == "ok");
}

TEST_CASE("the same picture again and again is no frozen camera when pictures are unrelated") {
  WatchedCamera camera;
  const cv::Mat scene = scenery(camera.size());
  for (int i = 0; i < 100; ++i) REQUIRE(camera.show_still(scene) == "ok");
}

TEST_CASE("what is measured") {
  WatchedCamera camera;
  camera.show_still(cv::Mat(camera.size(), CV_8UC1, cv::Scalar(120)));
  REQUIRE(camera.measured("brightness") == Approx(120));
  REQUIRE(camera.measured("entropy") == Approx(0).margin(1e-9));
  cv::Mat halves(camera.size(), CV_8UC1, cv::Scalar(0));
  halves.colRange(0, halves.cols / 2).setTo(200);
  camera.show_still(halves);
  REQUIRE(camera.measured("brightness") == Approx(100));
  REQUIRE(camera.measured("entropy") == Approx(1));
  camera.show_still(scenery(camera.size()));
  const double sharp = camera.measured("sharpness");
  REQUIRE(sharp > 0.15);
  cv::Mat soft;
  cv::GaussianBlur(scenery(camera.size()), soft, {}, 1.5);
  camera.show_still(soft);
  REQUIRE(camera.measured("sharpness") < sharp);
}

TEST_CASE("pictures of any size, down to one pixel") {
  WatchedCamera camera;
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(7, 3), cv::Size(3, 20), cv::Size(2000, 40)}) {
    const cv::Mat even(size, CV_8UC1, cv::Scalar(120));
    camera.show_still(even);
    camera.show(camera.live(even, 30));
  }
}

}  // namespace
}  // namespace lynceus::health

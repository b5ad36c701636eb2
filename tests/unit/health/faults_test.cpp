// Each fault is raised after its time and cleared when it is over, and none brings another along.
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "tests/support/catch.h"
#include "tests/unit/health/watched_camera.h"

namespace lynceus::health {
namespace {

using test::scenery;
using test::WatchedCamera;

/// A camera that has seen its usual view for a minute.
struct Settled {
  Settled() { REQUIRE(camera.show_live(scene, 60) == "ok"); }
  void good_again() {
    REQUIRE(camera.show_live(scene, 10) == "ok");
    REQUIRE(camera.active_count() == 0);
  }
  WatchedCamera camera;
  cv::Mat scene = scenery(camera.size());
};

TEST_CASE("a dark picture") {
  Settled s;
  const cv::Mat dark = s.scene * 0.08;
  REQUIRE(s.camera.show_live(dark, 3) == "ok");
  REQUIRE(s.camera.show_live(dark, 4) == "dark");
  REQUIRE(s.camera.active_count() == 1);
  s.good_again();
}

TEST_CASE("a black picture without any noise is dark, and nothing else") {
  Settled s;
  const cv::Mat black(s.camera.size(), CV_8UC1, cv::Scalar(16));
  for (int look = 0; look < 60; ++look) s.camera.show(black);
  REQUIRE(s.camera.active("camera_dark"));
  REQUIRE(s.camera.active_count() == 1);
  s.good_again();
}

TEST_CASE("an overexposed picture") {
  Settled s;
  const cv::Mat bright = s.scene * 0.1 + 232;
  REQUIRE(s.camera.show_live(bright, 8) == "bright");
  REQUIRE(s.camera.active_count() == 1);
  s.good_again();
}

TEST_CASE("one even colour") {
  Settled s;
  for (const int level : {41, 128}) {
    INFO(level);
    const cv::Mat even(s.camera.size(), CV_8UC1, cv::Scalar(level));
    std::string state;
    for (int look = 0; look < 40; ++look) state = s.camera.show(even);
    REQUIRE(state == "flat");
    REQUIRE(s.camera.active_count() == 1);
    s.good_again();
  }
}

TEST_CASE("a picture out of focus") {
  Settled s;
  cv::Mat blurred;
  cv::GaussianBlur(s.scene, blurred, {}, 5);
  REQUIRE(s.camera.show_live(blurred, 8) == "blurred");
  REQUIRE(s.camera.active_count() == 1);
  s.good_again();
}

TEST_CASE("a covered lens") {
  Settled s;
  // A hand: little light of its own shade, no edges.
  cv::Mat cover(s.camera.size(), CV_8UC1);
  for (int x = 0; x < cover.cols; ++x) cover.col(x).setTo(60 + 20 * x / cover.cols);
  REQUIRE(s.camera.show_live(cover, 8) == "covered");
  REQUIRE(s.camera.active_count() == 1);
  s.good_again();
}

TEST_CASE("a cloth over the lens: even and dark, but the sensor's noise goes on") {
  Settled s;
  for (const int level : {31, 60}) {
    INFO(level);
    const cv::Mat cloth(s.camera.size(), CV_8UC1, cv::Scalar(level));
    REQUIRE(s.camera.show_live(cloth, 8) == "covered");
    REQUIRE(s.camera.active_count() == 1);
    for (int look = 0; look < 30; ++look) REQUIRE(s.camera.show(cloth) == "covered");
    REQUIRE(s.camera.active_count() == 1);
    s.good_again();
  }
}

TEST_CASE("a camera turned to another side") {
  Settled s;
  const cv::Mat other = scenery(s.camera.size(), 77);
  REQUIRE(s.camera.show_live(other, 8) == "ok");
  REQUIRE(s.camera.show_live(other, 8) == "moved");
  REQUIRE(s.camera.active_count() == 1);
  s.good_again();
}

TEST_CASE("a turned camera that is said to be right has a new usual view at once") {
  Settled s;
  const cv::Mat other = scenery(s.camera.size(), 77);
  REQUIRE(s.camera.show_live(other, 16) == "moved");
  REQUIRE(s.camera.show_reference(s.camera.live(other)) == "ok");
  REQUIRE(s.camera.show_live(other, 60) == "ok");
  REQUIRE(s.camera.show_live(s.scene, 16) == "moved");
}

TEST_CASE("a camera pushed by a part of its view") {
  Settled s;
  cv::Mat pushed;
  const cv::Mat shift = (cv::Mat_<double>(2, 3) << 1, 0, 24, 0, 1, 10);
  cv::warpAffine(s.scene, pushed, shift, s.scene.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT);
  REQUIRE(s.camera.show_live(pushed, 16) == "moved");
  s.good_again();
}

TEST_CASE("the new view becomes the usual one after a while") {
  WatchedCamera camera({{"accept_after", 60.0}});
  REQUIRE(camera.show_live(scenery(camera.size()), 60) == "ok");
  const cv::Mat other = scenery(camera.size(), 77);
  REQUIRE(camera.show_live(other, 30) == "moved");
  REQUIRE(camera.show_live(other, 60) == "ok");
  REQUIRE(camera.show_live(scenery(camera.size()), 20) == "moved");
}

TEST_CASE("what is switched off is not raised") {
  WatchedCamera camera({{"moved", false}, {"covered", false}, {"blurred", false}, {"frozen", false}});
  REQUIRE(camera.show_live(scenery(camera.size()), 60) == "ok");
  const cv::Mat other = scenery(camera.size(), 77);
  REQUIRE(camera.show_live(other, 20) == "ok");
  for (int look = 0; look < 60; ++look) REQUIRE(camera.show(other) == "ok");
}

}  // namespace
}  // namespace lynceus::health

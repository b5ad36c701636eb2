// Frozen is about content: frames go on arriving, and the picture is the same to the last bit.
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/unit/health/watched_camera.h"

namespace lynceus::health {
namespace {

using test::scenery;
using test::WatchedCamera;

/// A clock in the upper left corner: other digits every half second.
cv::Mat with_clock(const cv::Mat& picture, int look) {
  cv::Mat marked = picture.clone();
  cv::putText(marked, std::to_string(100'000 + look), {10, 40}, cv::FONT_HERSHEY_SIMPLEX, 1, cv::Scalar(255), 2);
  return marked;
}

std::string show_frozen(WatchedCamera& camera, const cv::Mat& picture, double for_s) {
  std::string state;
  for (const double end = camera.now_s() + for_s; camera.now_s() < end;) state = camera.show(picture);
  return state;
}

TEST_CASE("a picture that repeats itself is frozen after the time set") {
  WatchedCamera camera;
  const cv::Mat scene = scenery(camera.size());
  REQUIRE(camera.show_live(scene, 30) == "ok");
  const cv::Mat last = camera.live(scene);
  REQUIRE(show_frozen(camera, last, 9) == "ok");
  REQUIRE(show_frozen(camera, last, 3) == "frozen");
  REQUIRE(camera.active_count() == 1);
  REQUIRE(camera.show_live(scene, 3) == "ok");
}

TEST_CASE("frozen_after sets the time") {
  WatchedCamera camera({{"frozen_after", 60.0}});
  const cv::Mat scene = scenery(camera.size());
  REQUIRE(camera.show_live(scene, 30) == "ok");
  REQUIRE(show_frozen(camera, scene, 58) == "ok");
  REQUIRE(show_frozen(camera, scene, 5) == "frozen");
}

TEST_CASE("an encoder that repeats its last few pictures is frozen") {
  WatchedCamera camera;
  const cv::Mat scene = scenery(camera.size());
  std::vector<cv::Mat> loop;
  for (int i = 0; i < 5; ++i) loop.push_back(camera.live(scene));
  REQUIRE(camera.show_live(scene, 30) == "ok");
  std::string state;
  for (std::size_t look = 0; look < 40; ++look) state = camera.show(loop[look % loop.size()]);
  REQUIRE(state == "frozen");
}

TEST_CASE("a burnt-in clock hides a frozen picture unless it is ignored") {
  const cv::Mat scene = scenery({640, 360});
  const auto state_of = [&](std::map<std::string, sdk::OptionValue> options) {
    WatchedCamera camera(std::move(options));
    std::string state;
    for (int look = 0; look < 60; ++look) state = camera.show(with_clock(scene, look));
    return state;
  };
  const std::vector<sdk::Polygon> corner{{{0, 0}, {0.3, 0}, {0.3, 0.15}, {0, 0.15}}};
  REQUIRE(state_of({}) == "ok");
  REQUIRE(state_of({{"ignore", corner}}) == "frozen");
}

TEST_CASE("a still scene seen live is not frozen, however little noise there is") {
  WatchedCamera camera;
  const cv::Mat scene = scenery(camera.size());
  for (int look = 0; look < 200; ++look) REQUIRE(camera.show(camera.live(scene, 0.4)) == "ok");
}

TEST_CASE("calls between two looks repeat the last word and cost nothing") {
  WatchedCamera camera;
  const cv::Mat scene = scenery(camera.size());
  const cv::Mat same = camera.live(scene);
  camera.set_step(0.04);
  REQUIRE(show_frozen(camera, same, 9) == "ok");
  REQUIRE(show_frozen(camera, same, 3) == "frozen");
}

TEST_CASE("everything ignored leaves nothing to say") {
  const std::vector<sdk::Polygon> all{{{-1, -1}, {2, -1}, {2, 2}, {-1, 2}}};
  WatchedCamera camera({{"ignore", all}});
  REQUIRE(show_frozen(camera, scenery(camera.size()), 60) == "ok");
}

}  // namespace
}  // namespace lynceus::health

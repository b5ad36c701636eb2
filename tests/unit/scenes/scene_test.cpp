// What every scene promises, whichever it is.
#include "pipeline/scenes/scene.h"

#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "base/error.h"
#include "tests/support/catch.h"

namespace lynceus::scenes {
namespace {

std::unique_ptr<Scene> scene_of(const std::string& name, cv::Size size, bool night = false) {
  SceneSettings settings;
  settings.scene = name;
  settings.size = size;
  settings.night = night;
  return make_scene(settings);
}

bool equal(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

bool inside(const cv::Rect2d& box, cv::Size size) {
  return box.width > 0 && box.height > 0 && box.x >= 0 && box.y >= 0 && box.br().x <= size.width &&
         box.br().y <= size.height;
}

}  // namespace

TEST_CASE("the same time gives the same picture, in any order and from any object") {
  for (const std::string& name : scene_names()) {
    for (const bool night : {false, true}) {
      INFO(name << (night ? " by night" : ""));
      const auto one = scene_of(name, {320, 240}, night), other = scene_of(name, {320, 240}, night);
      const cv::Mat early = one->render(3.2), late = one->render(20.04);
      CHECK(equal(other->render(20.04), late));
      CHECK(equal(other->render(3.2), early));
      CHECK(equal(one->render(3.2), early));
      CHECK_FALSE(equal(early, late));
    }
  }
}

TEST_CASE("a picture belongs to its caller") {
  for (const std::string& name : scene_names()) {
    INFO(name);
    const auto scene = scene_of(name, {160, 120});
    cv::Mat picture = scene->render(1);
    const cv::Mat kept = picture.clone();
    picture.setTo(cv::Scalar::all(0));
    CHECK(equal(scene->render(1), kept));
  }
}

TEST_CASE("every size works, and truth lies in the picture") {
  for (const cv::Size size : {cv::Size(320, 240), {641, 479}, {1280, 720}, {333, 251}, {240, 320}, {64, 64}}) {
    for (const std::string& name : scene_names()) {
      INFO(name << ' ' << size.width << 'x' << size.height);
      const auto scene = scene_of(name, size);
      for (const double time_s : {0.0, 7.5, 30.0}) {
        const cv::Mat picture = scene->render(time_s);
        REQUIRE(picture.size() == size);
        REQUIRE(picture.type() == CV_8UC3);
        const Truth truth = scene->truth(time_s);
        for (const auto& box : truth.people) CHECK(inside(box, size));
        for (const auto& box : truth.targets) CHECK(inside(box, size));
        CHECK(truth.people_ids.size() == truth.people.size());
        CHECK(truth.people_ground_m.size() == truth.people.size());
      }
    }
  }
}

TEST_CASE("another seed is another picture") {
  for (const std::string& name : scene_names()) {
    INFO(name);
    SceneSettings settings;
    settings.scene = name;
    settings.size = {160, 120};
    const cv::Mat first = make_scene(settings)->render(2);
    settings.seed = 2;
    CHECK_FALSE(equal(make_scene(settings)->render(2), first));
  }
}

TEST_CASE("trouble begins when it is told to, or never") {
  for (const std::string name : {"pipe", "room"}) {
    INFO(name);
    SceneSettings settings;
    settings.scene = name;
    settings.size = {160, 120};
    settings.fault_at_s = 5;
    const auto scene = make_scene(settings);
    CHECK_FALSE(scene->truth(4.99).fault);
    CHECK(scene->truth(5).fault);
    CHECK_FALSE(scene->truth(5).fault_kind.empty());
    settings.fault_at_s = -1;
    const auto spared = make_scene(settings);
    CHECK_FALSE(spared->truth(1e6).fault);
    CHECK(equal(spared->render(3), scene->render(3)));
  }
}

TEST_CASE("an unknown scene names the known ones") {
  try {
    scene_of("beach", {320, 240});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.exit() == Exit::usage);
    CHECK(std::string(error.what()) == "scene: beach: unknown; known are pipe, lobby, sky, carpark, room, still");
  }
}

TEST_CASE("an impossible size is refused before memory is taken") {
  for (const cv::Size size : {cv::Size(0, 0), {-5, 100}, {63, 64}, {100000, 100000}}) {
    CHECK_THROWS_AS(scene_of("still", size), Error);
  }
}

}  // namespace lynceus::scenes

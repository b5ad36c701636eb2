#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "plugins/people/detect/gated_detector.h"
#include "plugins/people/detect/suppress.h"
#include "plugins/people/detect/tiled_detector.h"
#include "tests/support/catch.h"
#include "tests/support/test_frame.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using people::Detection;

/// Finds white boxes on anything dark; says how much it was shown.
class BoxDetector final : public people::Detector {
 public:
  struct Seen {
    int wholes = 0, pages = 0;
    double pixels = 0;
  };
  explicit BoxDetector(Seen& seen) : seen_(seen) {}

  std::string name() const override { return "boxes"; }
  double operating_point() const override { return 0.5; }
  std::vector<Detection> detect(const sdk::PictureRef& picture) override {
    ++seen_.wholes;
    return find(picture.bgr());
  }
  std::vector<Detection> detect_page(const sdk::PictureRef& picture, const people::CropPlan& plan) override {
    ++seen_.pages;
    return find(people::page_of(picture.bgr(), plan));
  }

 private:
  std::vector<Detection> find(const cv::Mat& bgr) {
    seen_.pixels += double(bgr.total());
    cv::Mat grey, labels, stats, centres;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    const int count = cv::connectedComponentsWithStats(grey > 200, labels, stats, centres);
    std::vector<Detection> out;
    for (int i = 1; i < count; ++i) {
      const int* s = stats.ptr<int>(i);
      out.push_back({cv::Rect2d(s[0], s[1], s[2], s[3]), 0.9});
    }
    return out;
  }
  Seen& seen_;
};

cv::Mat scene(const std::vector<cv::Rect>& people) {
  cv::Mat luma(720, 1280, CV_8UC1, cv::Scalar(40));
  for (const cv::Rect& person : people) luma(person & cv::Rect(0, 0, 1280, 720)).setTo(255);
  return luma;
}

/// A camera of boxes at 25 frames/s, and a gate that sees what moved.
class Scene {
 public:
  explicit Scene(people::GateSettings settings = {.enabled = true})
      : gated_(std::make_unique<BoxDetector>(seen), settings) {}

  std::vector<Detection> show(const std::vector<cv::Rect>& people, std::vector<cv::Rect> moving, bool still = false,
                              bool discontinuity = false) {
    const auto frame = test_frame(number_, MonoTime{} + 40ms * number_, scene(people));
    ++number_;
    cv::Mat motion = cv::Mat::zeros(90, 160, CV_8UC1);
    for (const cv::Rect& part : moving)
      motion(cv::Rect(part.x / 8, part.y / 8, part.width / 8 + 1, part.height / 8 + 1)).setTo(255);
    const sdk::Facts facts;
    return gated_.detect({*frame, motion, motion, moving, sdk::Light::day, discontinuity, facts, {}, still}, {});
  }

  void settle(const std::vector<cv::Rect>& people) {
    for (int i = 0; i < 30; ++i) show(people, {});
    seen = {};
  }

  BoxDetector::Seen seen;

 private:
  people::GatedDetector gated_;
  int number_ = 0;
};

bool has(const std::vector<Detection>& found, const cv::Rect& person, double iou = 0.8) {
  return std::any_of(found.begin(), found.end(), [&](auto& f) { return people::overlap(f.box, person) >= iou; });
}

}  // namespace

TEST_CASE("the gated detector looks at little and loses nobody", "[people][gated]") {
  Scene camera;
  const cv::Rect stands(900, 300, 40, 100);
  camera.settle({stands});
  for (int i = 0; i < 250; ++i) {
    const cv::Rect walks(100 + 3 * i, 200, 40, 100);
    const auto found = camera.show({stands, walks}, {walks});
    REQUIRE(has(found, stands));
    if (i > 4) REQUIRE(has(found, walks, 0.7));
    REQUIRE(found.size() <= 2);
  }
  CHECK(camera.seen.wholes <= 4);
  CHECK(camera.seen.pages >= 50);
  CHECK(camera.seen.pixels < 0.05 * 250 * 1280 * 720);
}

TEST_CASE("somebody who leaves is gone, somebody who vanished while standing too", "[people][gated]") {
  Scene camera;
  const cv::Rect stands(900, 300, 40, 100), leaves(300, 200, 40, 100);
  camera.settle({stands, leaves});
  for (int i = 0; i < 8; ++i) camera.show({stands}, {leaves});
  CHECK(!has(camera.show({stands}, {leaves}), leaves, 0.1));
  CHECK(has(camera.show({stands}, {}), stands));
  for (int i = 0; i < 100; ++i) camera.show({}, {});
  CHECK(camera.show({}, {}).empty());
}

TEST_CASE("off, and for unrelated pictures, every frame is looked at", "[people][gated]") {
  Scene off(people::GateSettings{});
  for (int i = 0; i < 5; ++i) off.show({}, {});
  CHECK(off.seen.wholes == 5);
  Scene stills;
  for (int i = 0; i < 5; ++i) stills.show({}, {}, true);
  CHECK(stills.seen.wholes == 5);
}

TEST_CASE("after a discontinuity nobody is remembered", "[people][gated]") {
  Scene camera;
  const cv::Rect person(900, 300, 40, 100);
  camera.settle({person});
  CHECK(camera.show({}, {}, false, true).empty());
  CHECK(camera.seen.wholes == 1);
}

TEST_CASE("when everything moves the whole frame is cheaper", "[people][gated]") {
  Scene camera;
  camera.settle({});
  for (int i = 0; i < 10; ++i) camera.show({}, {{0, 0, 1279, 719}});
  CHECK(camera.seen.pages == 0);
  CHECK(camera.seen.wholes >= 2);
}

TEST_CASE("parts lie beside each other on a page and keep their scale", "[people][gated]") {
  const std::vector<cv::Rect> parts{
      {0, 0, 100, 200}, {500, 100, 120, 160}, {1100, 600, 300, 300}, {520, 120, 100, 150}};
  const auto plan = people::plan_crops(parts, {1280, 720}, {416, 234});
  REQUIRE(!plan.page.empty());
  CHECK(plan.page.width % 32 == 0);
  CHECK(plan.page.height % 32 == 0);
  CHECK(plan.page.area() <= 0.6 * 416 * 234);
  REQUIRE(plan.crops.size() == 3);
  for (const auto& crop : plan.crops) {
    CHECK((crop.at & cv::Rect({0, 0}, plan.page)) == crop.at);
    CHECK((crop.part & cv::Rect(0, 0, 1280, 720)) == crop.part);
    const double scale = double(crop.at.height) / crop.part.height;
    CHECK(scale > 0.32);
    CHECK(scale < 0.66);
    CHECK(std::abs(crop.at.width - crop.part.width * scale) <= 1.5);
    for (const auto& other : plan.crops) CHECK((&other == &crop || (other.at & crop.at).empty()));
  }
  const auto fixed = people::plan_crops(parts, {1280, 720}, {416, 234}, {416, 416});
  CHECK(fixed.page == cv::Size(416, 416));
  CHECK(fixed.crops.at(0).at.width >= plan.crops.at(0).at.width);
  CHECK(people::plan_crops({}, {1280, 720}, {416, 234}).page.empty());
  CHECK(people::plan_crops(std::vector{cv::Rect(-50, -50, 20, 20)}, {1280, 720}, {416, 234}).page.empty());
  CHECK(people::plan_crops(std::vector{cv::Rect(0, 0, 1280, 700)}, {1280, 720}, {416, 234}).page.empty());
}

TEST_CASE("a follower goes along with what it was shown", "[people][gated]") {
  cv::Mat ground(360, 640, CV_8UC1);
  cv::theRNG().state = 5;
  cv::randu(ground, 60, 120);
  cv::GaussianBlur(ground, ground, {}, 3);
  cv::Mat person(80, 32, CV_8UC1);
  cv::randu(person, 0, 255);
  cv::GaussianBlur(person, person, {}, 5);
  cv::normalize(person, person, 20, 240, cv::NORM_MINMAX);
  const auto picture = [&](int x, int y) {
    cv::Mat out = ground.clone();
    person.copyTo(out({x, y, 32, 80}));
    return out;
  };
  people::Follower follower(picture(200, 100), {200, 100, 32, 80});
  cv::Rect2d box(200, 100, 32, 80);
  for (int i = 1; i <= 12; ++i) box = follower.next(picture(200 + 4 * i, 100 + 2 * i), box);
  CHECK(people::overlap(box, {248, 124, 32, 80}) > 0.85);
  CHECK(people::Follower(cv::Mat(), {}).next(ground, {1, 2, 3, 4}) == cv::Rect2d(1, 2, 3, 4));
  const cv::Rect2d outside(-500, 9000, 32, 80);
  CHECK(follower.next(cv::Mat(360, 640, CV_8UC1, cv::Scalar(7)), outside) == outside);
}

TEST_CASE("the far half of a large frame is looked at in tiles", "[people][gated]") {
  const auto tiles = people::far_tiles({1920, 1080}, {416, 234});
  REQUIRE(tiles.size() >= 2);
  CHECK(tiles.front().x == 0);
  CHECK(tiles.back().x + tiles.back().width == 1920);
  for (std::size_t i = 1; i < tiles.size(); ++i) CHECK(tiles[i].x < tiles[i - 1].x + tiles[i - 1].width * 0.9);
  CHECK(people::far_tiles({640, 360}, {640, 360}).empty());
  CHECK(people::cut_off({90, 10, 10, 50}, {0, 0, 100, 100}, {300, 100}, 1));
  CHECK(!people::cut_off({90, 10, 10, 50}, {0, 0, 100, 100}, {100, 100}, 1));

  BoxDetector::Seen seen;
  people::TiledDetector tiled(std::make_unique<BoxDetector>(seen), 0.5);
  CHECK(tiled.name() == "boxes");
  cv::Mat bgr;
  cv::cvtColor(scene({{600, 100, 40, 100}, {200, 500, 40, 100}}), bgr, cv::COLOR_GRAY2BGR);
  CHECK(tiled.detect(bgr).size() == 2);
}

}  // namespace lynceus::test

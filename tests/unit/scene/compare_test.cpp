// Comparing with the reference: what is lost, what is changed, and what only looks so.
#include <opencv2/imgproc.hpp>

#include "plugins/scene/comparison.h"
#include "plugins/scene/likeness.h"
#include "tests/support/catch.h"

namespace lynceus {
namespace {

using namespace scene;

/// Floor below, wall above, with a texture.
RoomView room() {
  RoomView out;
  cv::Mat texture(kGrid, CV_32F), floor = cv::Mat::zeros(kGrid, CV_32F);
  cv::RNG(3).fill(texture, cv::RNG::UNIFORM, 60, 180);
  cv::GaussianBlur(texture, texture, {5, 5}, 1);
  cv::merge(std::vector<cv::Mat>(3, texture), out.picture);
  floor.rowRange(60, 120).setTo(0.9);
  out.maps = {floor, 0.9 - floor, cv::Mat(kGrid, CV_32F, cv::Scalar(0.05)), cv::Mat(kGrid, CV_32F, cv::Scalar(0.05))};
  for (cv::Mat& map : out.maps) map = map.clone();
  out.known = cv::Mat(kGrid, CV_8U, cv::Scalar(255));
  return out;
}

/// Something else stands there, and the network says so.
void put(RoomView& view, const cv::Rect& at, bool seen = true, bool said = true) {
  if (seen) {
    cv::Mat other(at.size(), CV_32F), three;
    cv::RNG(8).fill(other, cv::RNG::UNIFORM, 20, 120);
    cv::merge(std::vector<cv::Mat>(3, other), three);
    three.copyTo(view.picture(at));
  }
  if (!said) return;
  for (std::size_t i = 0; i < 4; ++i) view.maps[i](at).setTo(i == kFurniture ? 0.85 : 0.05);
}

const sdk::Polygon kLow{{0.25, 0.6}, {0.75, 0.6}, {0.75, 1}, {0.25, 1}};
const cv::Rect kThing(40, 80, 60, 40);

}  // namespace

TEST_CASE("floor that is gone is lost, in shares of what there was") {
  const RoomView before = room();
  RoomView now = room();
  const cv::Mat zone = on_grid(kLow);
  REQUIRE(cv::sum(zone)[0] == Approx(0.5 * 0.4 * kGrid.area()).epsilon(0.02));
  REQUIRE(blocked(compare(before, now), before, zone)->share == 0);
  put(now, kThing);
  const auto found = blocked(compare(before, now), before, zone);
  REQUIRE(found->share == Approx(60.0 * 40 / (80 * 48)).margin(0.09));
  REQUIRE((found->where & kThing).area() > 0.9 * kThing.area());
  const auto layout = changed(compare(before, now));
  REQUIRE(layout->share == Approx(60.0 * 40 / kGrid.area()).margin(0.02));
}

TEST_CASE("what looks as it did counts as it did, whatever the network says") {
  const RoomView before = room();
  RoomView now = room();
  put(now, kThing, false);
  REQUIRE(blocked(compare(before, now), before, on_grid(kLow))->share < 0.02);
  REQUIRE(changed(compare(before, now))->share < 0.01);
  RoomView dark = room();
  dark.picture = dark.picture * 0.5 + cv::Scalar::all(10);
  put(dark, kThing, false);
  REQUIRE(blocked(compare(before, dark), before, on_grid(kLow))->share < 0.02);
}

TEST_CASE("what the network does not call anything else is no loss either") {
  const RoomView before = room();
  RoomView now = room();
  put(now, kThing, true, false);
  REQUIRE(blocked(compare(before, now), before, on_grid(kLow))->share == 0);
}

TEST_CASE("floor that the network has always taken for furniture is watched all the same") {
  RoomView before = room();
  for (std::size_t i = 0; i < 4; ++i) before.maps[i](cv::Rect(0, 60, 160, 60)).setTo(i == kFurniture ? 0.85 : 0.05);
  RoomView now = room();
  now.maps = {before.maps[0].clone(), before.maps[1].clone(), before.maps[2].clone(), before.maps[3].clone()};
  REQUIRE(blocked(compare(before, now), before, on_grid(kLow))->share < 0.02);
  put(now, kThing);
  REQUIRE(blocked(compare(before, now), before, on_grid(kLow))->share > 0.4);
}

TEST_CASE("too little known is nothing known") {
  const RoomView before = room();
  RoomView now = room();
  put(now, kThing);
  now.known(cv::Rect(30, 60, 100, 60)).setTo(0);
  REQUIRE_FALSE(blocked(compare(before, now), before, on_grid(kLow)));
  now.known.setTo(0);
  REQUIRE_FALSE(changed(compare(before, now)));
  REQUIRE_FALSE(blocked(compare(before, room()), before, on_grid({})));
}

TEST_CASE("plain surfaces are told by their colour under the light of now") {
  cv::Mat before(kGrid, CV_32FC3, cv::Scalar(90, 120, 150)), known(kGrid, CV_8U, cv::Scalar(255));
  before.rowRange(0, 60).setTo(cv::Scalar(200, 200, 190));
  cv::Mat now = before * 0.7 + cv::Scalar::all(5);
  now(cv::Rect(20, 80, 40, 30)).setTo(cv::Scalar(40, 60, 160));
  const cv::Mat same = same_as_before(before, now, known);
  REQUIRE(cv::countNonZero(same(cv::Rect(25, 85, 30, 20))) == 0);
  REQUIRE(cv::countNonZero(same(cv::Rect(80, 70, 70, 45))) == 70 * 45);
  REQUIRE(cv::countNonZero(same(cv::Rect(5, 5, 150, 45))) == 150 * 45);
}

}  // namespace lynceus

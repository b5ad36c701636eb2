// Car park, room and test card.
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "pipeline/scenes/carpark.h"
#include "pipeline/scenes/room.h"
#include "pipeline/scenes/still.h"
#include "tests/support/catch.h"

namespace lynceus::scenes {
namespace {

SceneSettings place(const std::string& name, bool night = false, cv::Size size = {640, 480}) {
  SceneSettings settings;
  settings.scene = name;
  settings.size = size;
  settings.night = night;
  return settings;
}

/// Length of the brightness gradient after taking the light's own level out.
cv::Mat edges(const cv::Mat& picture) {
  cv::Mat grey, dx, dy, length;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  grey.convertTo(grey, CV_32F);
  cv::GaussianBlur(grey, grey, {0, 0}, 1.2);
  cv::Mat level;
  cv::GaussianBlur(grey, level, {0, 0}, 15);
  grey /= level + 4;
  cv::Sobel(grey, dx, CV_32F, 1, 0);
  cv::Sobel(grey, dy, CV_32F, 0, 1);
  cv::magnitude(dx, dy, length);
  return length;
}

double correlation(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat result;
  cv::matchTemplate(a, b, result, cv::TM_CCOEFF_NORMED);
  return result.at<float>(0, 0);
}

}  // namespace

TEST_CASE("the car park's edges by day and by night lie on each other") {
  const cv::Mat day = edges(CarparkScene(place("carpark")).render(9)),
                night = edges(CarparkScene(place("carpark", true)).render(9));
  const cv::Rect lit(30, 160, 580, 200);  // where lamps light the ground
  const double at_home = correlation(day(lit), night(lit));
  CHECK(at_home > 0.55);
  for (const cv::Point away : {cv::Point(2, 0), {-2, 0}, {0, 2}, {0, -2}}) {
    CHECK(correlation(day(lit), night(lit + away)) < at_home);
  }
}

TEST_CASE("night is dark with lights in it") {
  const double day = cv::mean(CarparkScene(place("carpark")).render(9))[1];
  const cv::Mat dark = CarparkScene(place("carpark", true)).render(9);
  CHECK(cv::mean(dark)[1] < 0.4 * day);
  double brightest = 0;
  cv::minMaxLoc(dark.reshape(1), nullptr, &brightest);
  CHECK(brightest > 240);
}

TEST_CASE("a car drives through every twelve seconds, by turns from either side") {
  const CarparkScene scene(place("carpark"));
  for (int turn = 0; turn < 6; ++turn) {
    const double start = turn * CarparkScene::kEvery_s;
    const auto early = scene.driving(start + 2.5), later = scene.driving(start + 3.5);
    REQUIRE(early);
    REQUIRE(later);
    CHECK((later->centre.x > early->centre.x) == (turn % 2 == 0));
    CHECK_FALSE(scene.truth(start + 3.3).targets.empty());
    CHECK_FALSE(scene.driving(start + 11));
  }
}

TEST_CASE("headlights light the road before the car") {
  CarparkScene scene(place("carpark", true));
  const auto car = scene.driving(2.9);
  REQUIRE(car);
  for (const double before_m : {4.0, 8.0, 11.0}) {
    const cv::Point2d ahead = scene.camera().pixel({car->centre.x + before_m, car->centre.y + 1, 0});
    const cv::Rect road(cv::Point(ahead) - cv::Point(4, 1), cv::Size(8, 3));
    CHECK(cv::mean(scene.render(2.9)(road))[1] > cv::mean(scene.render(9.5)(road))[1] + 15);
  }
}

TEST_CASE("a room's labels agree with its picture") {
  RoomScene scene(place("room", false, {641, 479}));
  const cv::Mat labels = *scene.labels(0);
  REQUIRE(labels.type() == CV_8UC1);
  REQUIRE(labels.size() == cv::Size(641, 479));
  for (int label = 0; label < 4; ++label) CHECK(cv::countNonZero(labels == label) > 500);
  CHECK(cv::countNonZero(labels > 3) == 0);
  CHECK(labels.at<uchar>(470, 400) == RoomScene::kFloor);
  CHECK(labels.at<uchar>(10, 320) == RoomScene::kStructure);
}

TEST_CASE("boxes block the doorway from the fault on") {
  RoomScene scene(place("room"));
  const cv::Rect door = scene.doorway();
  const cv::Mat before = *scene.labels(14.9), after = *scene.labels(15);
  CHECK(cv::countNonZero(before(door) == RoomScene::kProps) == 0);
  CHECK(cv::countNonZero(after(door) == RoomScene::kProps) > door.area() / 6);
  CHECK(scene.truth(15).fault_kind == "exit_blocked");
}

TEST_CASE("somebody stands in the doorway before it is blocked, and later the furniture is elsewhere") {
  RoomScene scene(place("room"));
  const cv::Rect door = scene.doorway();
  for (const double without : {5.9, 12.1, 30.0}) CHECK(scene.truth(without).people.empty());
  const Truth visit = scene.truth(9);
  REQUIRE(visit.people.size() == 1);
  CHECK((visit.people[0] & cv::Rect2d(door)).area() > 0.4 * visit.people[0].area());
  CHECK_FALSE(visit.fault);
  const cv::Mat with = *scene.labels(9), without = *scene.labels(5);
  const int figure = cv::countNonZero(with != without);
  CHECK(figure > 0.2 * visit.people[0].area());
  CHECK(figure < visit.people[0].area());
  CHECK(cv::countNonZero((with != without) & (with != RoomScene::kProps)) == 0);
  const cv::Mat blocked = *scene.labels(26.9), moved = *scene.labels(27);
  CHECK(cv::countNonZero(blocked != moved) > int(blocked.total()) / 20);
}

TEST_CASE("only the clock and the block move on the test card") {
  StillScene scene(place("still"));
  const cv::Rect constant = scene.constant_region();
  const cv::Mat one = scene.render(1), two = scene.render(1.1);
  CHECK(cv::norm(one(constant), two(constant), cv::NORM_INF) == 0);
  CHECK(cv::norm(one(scene.clock_region()), two(scene.clock_region()), cv::NORM_INF) > 100);
  CHECK(scene.block(1) != scene.block(1.1));
  CHECK(cv::norm(one(constant), scene.render(5000)(constant), cv::NORM_INF) == 0);
}

}  // namespace lynceus::scenes

// The analyzer as a whole on the simulated room, with a network that is wrong on three pixels of ten: exits, layout,
// people, light, references.
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/scenes/room.h"
#include "tests/support/catch.h"
#include "tests/unit/scene/room_stage.h"

namespace lynceus {
namespace {

using test::RoomStage;

constexpr double kWhenFree = 0, kWithVisitor = 9, kBlocked = 16, kRearranged = 30;
const cv::Size kSize{320, 240};

sdk::Zone exit_of(const scenes::RoomScene& room, std::string name = "door") {
  sdk::Zone zone{std::move(name), {}, {}};
  for (const cv::Point2d& p : room.way_out()) zone.polygon.emplace_back(p.x / kSize.width, p.y / kSize.height);
  return zone;
}

/// The room and its watcher; `at` is a time of the scene's.
struct Watched {
  explicit Watched(RoomStage::Values options = {}, bool doorway = false)
      : room({.scene = "room", .size = kSize, .seed = 1, .night = false, .fault_at_s = 15}),
        stage(std::move(options), {doorway ? door_itself() : exit_of(room)}) {
    stage.painted.errors = 0.3;
  }
  sdk::Zone door_itself() const {
    const cv::Rect2d box = room.doorway();
    const auto share = [](double x, double y) { return cv::Point2d(x / kSize.width, y / kSize.height); };
    return {"door",
            {share(box.x, box.y), share(box.br().x, box.y), share(box.br().x, box.br().y), share(box.x, box.br().y)},
            {}};
  }

  void show(double at, double for_s, bool take_reference = false) {
    stage.painted.answer(*room.labels(at));
    stage.show(room.render(at), for_s, take_reference);
  }
  void learn() {
    show(kWhenFree, 60);
    REQUIRE(stage.blobs.count("reference.day") == 1);
  }
  bool blocked() const { return stage.active("exit_blocked:door"); }
  bool rearranged() const { return stage.active("layout_changed"); }

  scenes::RoomScene room;
  RoomStage stage;
};

/// Another lamp: brighter or darker, and a slope of light over the room.
cv::Mat lit(const cv::Mat& picture, double gain, double offset, double slope = 0) {
  cv::Mat out, light(picture.size(), CV_32FC3);
  for (int x = 0; x < picture.cols; ++x)
    light.col(x).setTo(cv::Scalar::all(gain + slope * (x / double(picture.cols) - 0.5)));
  picture.convertTo(out, CV_32FC3);
  cv::Mat(out.mul(light) + cv::Scalar::all(offset)).convertTo(out, CV_8UC3);
  return out;
}

/// Lies on the floor, under the table.
std::pair<cv::Mat, cv::Mat> with_mat(scenes::RoomScene& room, const std::vector<cv::Point>& corners) {
  cv::Mat picture = room.render(kWhenFree), labels = *room.labels(kWhenFree), mat = cv::Mat::zeros(kSize, CV_8U);
  cv::fillConvexPoly(mat, corners, cv::Scalar(255));
  mat &= labels == scenes::RoomScene::kFloor;
  picture.setTo(cv::Scalar(60, 50, 90), mat);
  labels.setTo(cv::Scalar(scenes::RoomScene::kProps), mat);
  return {picture, labels};
}

}  // namespace

TEST_CASE("boxes before the exit raise exit_blocked after its time, and it clears when they are gone") {
  Watched w;
  w.learn();
  w.show(kWhenFree, 600);
  REQUIRE_FALSE(w.blocked());
  w.show(kBlocked, 55);
  REQUIRE_FALSE(w.blocked());
  w.show(kBlocked, 95);
  REQUIRE(w.blocked());
  const sdk::Condition& c = w.stage.condition("exit_blocked:door");
  REQUIRE(*c.value > *c.limit);
  REQUIRE(c.evidence);
  REQUIRE((*c.evidence & w.room.doorway()).area() > 0);
  REQUIRE(w.stage.measured("exit_floor_lost", "door") == *c.value);
  REQUIRE_FALSE(w.rearranged());
  w.show(kWhenFree, 150);
  REQUIRE_FALSE(w.blocked());
}

TEST_CASE("a zone that is the doorway itself, with hardly any floor, is judged by what changed in it") {
  Watched w({}, true);
  w.learn();
  w.show(kWhenFree, 300);
  REQUIRE_FALSE(w.blocked());
  w.show(kBlocked, 150);
  REQUIRE(w.blocked());
  w.show(kWhenFree, 150);
  REQUIRE_FALSE(w.blocked());
}

TEST_CASE("somebody standing in the doorway raises nothing: seen by a detector, or by never being quite still") {
  Watched w;
  w.learn();
  SECTION("a detector's box") { w.stage.facts.people = sdk::People{{w.room.truth(kWithVisitor).people.at(0)}}; }
  SECTION("swaying") {}
  const bool told = w.stage.facts.people.has_value();
  w.stage.painted.answer(*w.room.labels(kWithVisitor));
  w.stage.play([&](double t) { return w.room.render(told ? kWithVisitor : 6.5 + 2.5 * (1 + std::sin(0.7 * t))); }, 900);
  REQUIRE_FALSE(w.blocked());
  REQUIRE_FALSE(w.rearranged());
  w.stage.facts.people.reset();
  w.show(kBlocked, 150);
  REQUIRE(w.blocked());
}

TEST_CASE("furniture that is moved raises layout_changed after its time, and it clears when it is put back") {
  Watched w;
  w.learn();
  w.show(kRearranged, 280);
  REQUIRE_FALSE(w.rearranged());
  w.show(kRearranged, 120);
  REQUIRE(w.rearranged());
  REQUIRE(w.stage.measured("layout_difference") > 0.05);
  w.show(kWhenFree, 180);
  REQUIRE_FALSE(w.rearranged());
}

TEST_CASE("other light is no other room, whatever the network makes of it") {
  Watched w;
  w.learn();
  w.stage.painted.errors = 0.45;
  w.stage.painted.answer(*w.room.labels(kWhenFree));
  for (const auto& [gain, offset, slope] : {std::array{0.6, 0.0, 0.0}, {1.25, 10.0, 0.2}, {0.8, -10.0, -0.3}}) {
    w.stage.show(lit(w.room.render(kWhenFree), gain, offset, slope), 500);
    REQUIRE_FALSE(w.blocked());
    REQUIRE_FALSE(w.rearranged());
  }
  w.stage.painted.errors = 0.3;
  w.stage.painted.answer(*w.room.labels(kBlocked));
  w.stage.show(lit(w.room.render(kBlocked), 0.7, 0, 0.1), 200);
  REQUIRE(w.blocked());
}

TEST_CASE("a door mat counts as it did in the reference") {
  Watched w;
  const auto way = w.room.way_out();
  std::vector<cv::Point> mat;
  for (const cv::Point2d& p : way) mat.emplace_back((p + (way[0] + way[2]) * 0.5) * 0.5);
  auto [picture, labels] = with_mat(w.room, mat);
  w.stage.painted.answer(labels);
  w.stage.show(picture, 500);
  REQUIRE(w.stage.blobs.count("reference.day") == 1);
  REQUIRE_FALSE(w.blocked());
  REQUIRE(w.stage.measured("exit_floor_lost", "door") < 0.1);
  w.show(kWhenFree, 300);  // the mat is at the cleaner's
  REQUIRE_FALSE(w.blocked());
  w.show(kBlocked, 150);
  REQUIRE(w.blocked());
}

TEST_CASE("boxes on a mat that fills the exit are no mat") {
  Watched w;
  std::vector<cv::Point> mat;
  for (const cv::Point2d& p : w.room.way_out()) mat.emplace_back(p);
  auto [picture, labels] = with_mat(w.room, mat);
  w.stage.painted.answer(labels);
  w.stage.show(picture, 300);
  REQUIRE_FALSE(w.blocked());
  w.show(kBlocked, 150);
  REQUIRE(w.blocked());
}

TEST_CASE("references: kept over restarts, taken anew when somebody says so, by day and by night") {
  Watched w;
  w.learn();
  w.stage.restart();
  w.show(kBlocked, 180);
  REQUIRE(w.blocked());
  w.show(kBlocked, 60, true);  // it is meant to be so
  REQUIRE_FALSE(w.blocked());
  w.show(kBlocked, 300);
  REQUIRE_FALSE(w.blocked());
  w.stage.light = sdk::Light::night;
  w.show(kWhenFree, 60);
  REQUIRE(w.stage.blobs.count("reference.night") == 1);
  w.show(kBlocked, 200);
  REQUIRE(w.blocked());
  w.stage.light = sdk::Light::adapting;
  const int looks = w.stage.painted.looks;
  w.show(kWhenFree, 300);
  REQUIRE(w.stage.painted.looks == looks);
  REQUIRE(w.blocked());
}

TEST_CASE("what is wrong never becomes the reference by itself") {
  Watched w;
  w.learn();
  w.show(kBlocked, 200);
  REQUIRE(w.blocked());
  w.stage.light = sdk::Light::night;
  w.show(kBlocked, 200);
  REQUIRE(w.stage.blobs.count("reference.night") == 0);
  REQUIRE(w.blocked());
}

TEST_CASE("looks are seldom while nothing happens, and sooner when something does") {
  Watched w;
  w.show(kWhenFree, 120);
  const int settled = w.stage.painted.looks;
  w.show(kWhenFree, 600);
  REQUIRE(w.stage.painted.looks - settled <= 12);
  const int before = w.stage.painted.looks;
  w.show(kBlocked, 30);
  REQUIRE(w.stage.painted.looks > before);
}

TEST_CASE("what is known is told at every frame: classes, floor, views, proposals") {
  Watched w;
  w.stage.painted.errors = 0;
  w.stage.wanted = {"segmentation", "labels"};
  w.show(kWhenFree, 1);
  REQUIRE(w.stage.measured("scene_fraction", "floor") > 0.1);
  w.show(kWhenFree, 4);
  REQUIRE_FALSE(w.stage.said.facts.floor_mask);
  w.show(kWhenFree, 60);
  double sum = 0;
  for (const char* name : {"floor", "structure", "furniture", "props"}) sum += w.stage.measured("scene_fraction", name);
  REQUIRE(std::abs(sum - 1) < 1e-9);
  REQUIRE(w.stage.measured("scene_fraction", "structure") > w.stage.measured("scene_fraction", "props"));
  REQUIRE(w.stage.said.facts.floor_mask);
  const cv::Mat mask = w.stage.said.facts.floor_mask->mask;
  REQUIRE(mask.at<uchar>(mask.rows - 2, mask.cols / 2) == 255);
  REQUIRE(mask.at<uchar>(2, mask.cols / 2) == 0);
  REQUIRE(w.stage.view("segmentation")->size() == kSize);
  REQUIRE(w.stage.view("labels")->size() == kSize);
  REQUIRE(w.stage.view("labels")->type() == CV_8UC1);
  const auto* details = w.stage.said.details.get_if<sdk::Value::Object>();
  REQUIRE(details->size() == 2);
  REQUIRE(details->at(0).first == "classes");
  REQUIRE(details->at(1).first == "proposals");
}

TEST_CASE("a picture by itself: its classes, and no condition") {
  Watched w;
  w.stage.wanted = {"labels"};
  w.stage.painted.errors = 0;
  w.stage.painted.answer(*w.room.labels(kWhenFree));
  w.stage.show_still(w.room.render(kWhenFree));
  REQUIRE(w.stage.painted.looks == 2);  // the first was at nothing, to know the network
  cv::Mat truth = *w.room.labels(kWhenFree);
  REQUIRE(cv::countNonZero(*w.stage.view("labels") == truth) > 0.93 * truth.total());
  REQUIRE_FALSE(w.blocked());
  REQUIRE_FALSE(w.stage.said.facts.floor_mask);
}

}  // namespace lynceus

#include "daemon/evidence/snapshot.h"

#include <memory>
#include <opencv2/core.hpp>
#include <utility>
#include <vector>

#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"
#include "tests/support/test_frame.h"

using namespace lynceus;
using namespace lynceus::test;

namespace {

/// Fine stripes: what is blurred is grey, what is not is not.
cv::Mat stripes() {
  cv::Mat picture(120, 160, CV_8UC1);
  for (int x = 0; x < picture.cols; ++x) picture.col(x).setTo(x % 2 ? 255 : 0);
  return picture;
}

daemon::CameraSnapshot live(std::uint64_t frame) {
  daemon::CameraSnapshot snapshot;
  snapshot.frame = test_frame(frame, {}, stripes());
  return snapshot;
}

void add_people(daemon::CameraSnapshot& snapshot, std::uint64_t of_frame, const std::vector<cv::Rect2d>& boxes) {
  auto said = std::make_shared<sdk::Observations>();
  for (const auto& box : boxes) {
    sdk::Entity entity;
    entity.label = "person";
    entity.box = box;
    said->entities.push_back(entity);
  }
  daemon::PluginWord word;
  word.plugin = "people";
  word.observations = said;
  word.sequence = of_frame;
  snapshot.plugins.push_back(std::move(word));
}

double contrast(const daemon::CameraSnapshot& snapshot, const cv::Rect& part) {
  const auto jpeg = daemon::snapshot_of(snapshot, {{}, true});
  cv::Scalar mean, deviation;
  cv::meanStdDev(picture::decode(jpeg, "snapshot").pixels(part), mean, deviation);
  return deviation[0];
}

const cv::Rect kLeft(10, 10, 30, 90), kRight(110, 10, 40, 90);

}  // namespace

TEST_CASE("people are blurred where somebody told of this frame where they are") {
  auto snapshot = live(7);
  add_people(snapshot, 7, {cv::Rect2d(10, 10, 30, 90)});
  REQUIRE(contrast(snapshot, kLeft) < 40);
  REQUIRE(contrast(snapshot, kRight) > 80);
}

TEST_CASE("nobody in the picture: nothing is blurred") {
  auto snapshot = live(7);
  add_people(snapshot, 7, {});
  REQUIRE(contrast(snapshot, kRight) > 80);
}

TEST_CASE("without a word on people, or with one of an older frame, the whole picture is blurred") {
  auto nobody_told = live(7);
  REQUIRE(contrast(nobody_told, kRight) < 40);
  auto old = live(7);
  add_people(old, 6, {cv::Rect2d(10, 10, 30, 90)});
  REQUIRE(contrast(old, kRight) < 40);
}

TEST_CASE("boxes that reach out of the picture are no trouble") {
  auto snapshot = live(7);
  add_people(snapshot, 7, {cv::Rect2d(-50, -50, 1000, 60), cv::Rect2d(500, 500, 10, 10), cv::Rect2d(5, 5, 0, 0)});
  REQUIRE(contrast(snapshot, cv::Rect(0, 0, 160, 8)) < 40);
}

TEST_CASE("the frame itself is not changed") {
  auto snapshot = live(7);
  daemon::snapshot_of(snapshot, {{}, true});
  REQUIRE(cv::norm(snapshot.frame->luma(), stripes(), cv::NORM_INF) == 0);
}

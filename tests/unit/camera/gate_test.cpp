#include "pipeline/camera/gate.h"

#include <array>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/test_frame.h"

namespace lynceus::camera {
namespace {

using namespace std::chrono_literals;
using sdk::Light;

/// A room at 25 frames a second: soft texture, camera noise, and what a test puts in.
class Room {
 public:
  explicit Room(GateSettings settings = {}, std::vector<sdk::Polygon> masks = {}, cv::Size size = {1280, 720},
                Kind kind = Kind::visible)
      : gate_(settings, std::move(masks), kind), random_(7) {
    room_ = cv::Mat(size, CV_8UC1);
    cv::RNG(3).fill(room_, cv::RNG::UNIFORM, 0, 255);
    cv::GaussianBlur(room_, room_, {}, 12);
    cv::normalize(room_, room_, 50, 180, cv::NORM_MINMAX);
  }

  double gain = 1, offset = 0, noise = 3;
  bool monochrome = false;
  std::vector<cv::Rect> things;
  int thing_level = 250;
  cv::Mat room_;

  const GateResult& look() {
    cv::Mat picture;
    room_.convertTo(picture, CV_16S, gain, offset);
    picture += grain();
    for (const cv::Rect& thing : things) picture(thing).setTo(thing_level);
    test::TestFrame frame;
    picture.convertTo(frame.picture, CV_8U);
    frame.grey = monochrome;
    frame.captured_at = MonoTime{1h} + (frames_++) * 40ms;
    return gate_.process(frame);
  }
  /// How many of so many frames show motion.
  int moving(int frames) {
    int count = 0;
    for (int i = 0; i < frames; ++i) count += look().regions.empty() ? 0 : 1;
    return count;
  }
  void settle() { moving(30); }
  Light light() { return look().light; }

 private:
  /// Making noise takes longer than all the rest: a few pictures of it take turns.
  const cv::Mat& grain() {
    if (noise != grain_noise_) {
      grain_noise_ = noise;
      for (cv::Mat& grain : grains_) {
        grain.create(room_.size(), CV_16SC1);
        random_.fill(grain, cv::RNG::NORMAL, 0, noise);
      }
    }
    return grains_[std::size_t(random_.uniform(0, int(grains_.size())))];
  }

  Gate gate_;
  cv::RNG random_;
  std::array<cv::Mat, 7> grains_;
  double grain_noise_ = -1;
  int frames_ = 0;
};

TEST_CASE("a still room is still, by day and in the noise of the night") {
  Room day;
  CHECK(day.moving(50) == 0);
  Room night;
  night.gain = 0.3;
  night.noise = 12;
  CHECK(night.moving(50) == 0);
}

TEST_CASE("what moves gets its box in pixels of the frame") {
  Room room;
  room.settle();
  room.things = {{400, 200, 96, 160}};
  const GateResult& seen = room.look();
  REQUIRE(seen.regions.size() == 1);
  const cv::Rect box = seen.regions[0];
  CHECK(std::abs(box.x - 400) <= 8);
  CHECK(std::abs(box.y - 200) <= 8);
  CHECK(std::abs(box.width - 96) <= 16);
  CHECK(std::abs(box.height - 160) <= 16);
  CHECK(seen.shrunk.size() == cv::Size(160, 90));
  CHECK(seen.motion.size() == seen.shrunk.size());
  CHECK(seen.motion.at<uchar>(280 / 8, 448 / 8) == 255);
  CHECK(cv::countNonZero(seen.motion) < 20 * 30);
}

TEST_CASE("things at the border and of odd frame sizes stay inside") {
  Room room({}, {}, {1279, 717});
  room.settle();
  room.things = {{1179, 600, 100, 117}};
  const GateResult& seen = room.look();
  REQUIRE(seen.regions.size() == 1);
  CHECK((seen.regions[0] & cv::Rect(0, 0, 1279, 717)) == seen.regions[0]);
}

TEST_CASE("masked parts do not move") {
  Room room({}, {{{0.25, 0.2}, {0.5, 0.2}, {0.5, 0.6}, {0.25, 0.6}}});
  room.settle();
  room.things = {{400, 200, 96, 160}};
  const GateResult& seen = room.look();
  CHECK(seen.regions.empty());
  CHECK(cv::countNonZero(seen.motion) == 0);
}

TEST_CASE("smaller than the least area is noise") {
  GateSettings settings;
  settings.least_area = 0.02;
  Room room(settings);
  room.settle();
  room.things = {{400, 200, 64, 64}};
  CHECK(room.moving(1) == 0);
}

TEST_CASE("a slowly changing exposure is followed while things still show") {
  Room room;
  room.settle();
  int moved = 0;
  for (int i = 0; i < 100; ++i) {
    room.gain += 0.003;
    room.offset -= 0.1;
    moved += room.moving(1);
  }
  CHECK(moved == 0);
  room.things = {{600, 300, 120, 160}};
  room.thing_level = 10;
  CHECK(room.moving(1) == 1);
}

TEST_CASE("a step of the exposure is no motion") {
  Room room;
  room.settle();
  room.gain = 0.85;
  CHECK(room.moving(25) == 0);
  room.gain = 1.1;
  room.offset = 5;
  CHECK(room.moving(25) == 0);
}

TEST_CASE("lights out: adapting, no motion, then night, one flip") {
  Room room;
  room.settle();
  REQUIRE(room.light() == Light::day);
  room.gain = 0.15;
  int flips = 0, moved = 0, adapting = 0;
  for (int i = 0; i < 100; ++i) {
    const GateResult& seen = room.look();
    flips += seen.light_flip ? 1 : 0;
    moved += seen.regions.empty() ? 0 : 1;
    adapting += seen.light == Light::adapting ? 1 : 0;
  }
  CHECK(moved == 0);
  CHECK(flips == 1);
  CHECK(adapting > 10);
  CHECK(room.light() == Light::night);
}

TEST_CASE("the infrared cut filter swings out: other greys, no colour, no motion") {
  Room room;
  room.settle();
  cv::Mat infrared;
  cv::flip(room.room_, infrared, -1);  // other surfaces shine in the infrared
  room.room_ = infrared;
  room.monochrome = true;
  int flips = 0, moved = 0;
  for (int i = 0; i < 150; ++i) {
    const GateResult& seen = room.look();
    flips += seen.light_flip ? 1 : 0;
    moved += seen.regions.empty() ? 0 : 1;
  }
  CHECK(moved == 0);
  CHECK(flips == 1);
  CHECK(room.light() == Light::night);
  room.things = {{400, 200, 96, 160}};
  CHECK(room.moving(1) == 1);
}

TEST_CASE("a thermal camera has no night, however grey and dark; a changed range is adapting, then day again") {
  Room room({}, {}, {640, 480}, Kind::thermal);
  room.monochrome = true;
  room.gain = 0.15;
  CHECK(room.light() == Light::day);
  room.settle();
  CHECK(room.light() == Light::day);
  room.gain = 1;
  bool adapted = false, flipped = false;
  for (int i = 0; i < 200; ++i) {
    const GateResult& seen = room.look();
    adapted = adapted || seen.light == Light::adapting;
    flipped = flipped || seen.light_flip;
    CHECK(seen.light != Light::night);
    CHECK(seen.regions.empty());
  }
  CHECK(adapted);
  CHECK_FALSE(flipped);
  CHECK(room.light() == Light::day);
}

TEST_CASE("a lorry that grows to fill the picture is motion, not light") {
  Room room;
  room.settle();
  int moved = 0;
  for (int i = 1; i <= 60; ++i) {
    room.things = {{0, 40, i * 20, 640}};
    const GateResult& seen = room.look();
    moved += seen.regions.empty() ? 0 : 1;
    CAPTURE(i);
    REQUIRE(seen.light == Light::day);
  }
  CHECK(moved >= 58);
}

TEST_CASE("what stays becomes background in the end") {
  Room room({}, {}, {160, 90});
  room.settle();
  room.things = {{50, 25, 12, 20}};
  room.thing_level = 180;
  CHECK(room.moving(100) == 100);
  room.moving(25 * 120);
  CHECK(room.moving(25) == 0);
}

TEST_CASE("another size starts afresh") {
  Gate gate({}, {});
  test::TestFrame frame;
  frame.captured_at = MonoTime{1h};
  for (const cv::Size size :
       {cv::Size(1280, 720), cv::Size(640, 480), cv::Size(33, 17), cv::Size(1, 1), cv::Size(20, 3000)}) {
    frame.picture = cv::Mat(size, CV_8UC1, cv::Scalar(size.width % 200));
    for (int i = 0; i < 3; ++i) {
      frame.captured_at += 40ms;
      CHECK(gate.process(frame).regions.empty());
    }
  }
}

TEST_CASE("rows with padding between them are read right") {
  Gate gate({}, {});
  cv::Mat wide(720, 1408, CV_8UC1, cv::Scalar(255));
  test::TestFrame frame;
  frame.picture = wide(cv::Rect(0, 0, 1280, 720));
  frame.picture.setTo(90);
  frame.captured_at = MonoTime{1h};
  const GateResult& seen = gate.process(frame);
  CHECK(cv::countNonZero(seen.shrunk != 90) == 0);
}

}  // namespace
}  // namespace lynceus::camera

// What moves before a thermal camera and is of a person's or a vehicle's size: told by `targets`, counted by `people`.
#include "plugins/targets/movers.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/camera/gate.h"
#include "pipeline/host/analyzer_slot.h"
#include "pipeline/ingest/picture_frame.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/host/slot_setup.h"
#include "tests/unit/targets/sky.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

const cv::Size kSize(640, 480);
const sdk::Zone kLeft{"left", {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}, {}};

/// A floor seen straight from above.
sdk::Ground floor_of_pixels(double px_a_metre) {
  sdk::Ground ground;
  ground.homography.emplace();
  ground.homography->image = {{0.1, 0.9}, {0.9, 0.9}, {0.9, 0.1}, {0.1, 0.1}};
  for (const cv::Point2d& p : ground.homography->image)
    ground.homography->metres.emplace_back(p.x * kSize.width / px_a_metre, -p.y * kSize.height / px_a_metre);
  return ground;
}

/// The gate, `targets`, and `people` with a detector that finds nobody, one after the other as in a camera.
class ThermalCamera {
 public:
  explicit ThermalCamera(std::map<std::string, sdk::OptionValue> options = {}, bool thermal = true,
                         std::optional<sdk::Ground> ground = {})
      : gate_(camera::GateSettings{}, {}, thermal ? camera::Kind::thermal : camera::Kind::visible),
        targets_(std::string(LYNCEUS_PLUGINS) + "/lynceus_targets.so", std::move(options)),
        people_(std::string(LYNCEUS_PLUGINS) + "/lynceus_people.so", nobody()) {
    for (SlotSetup* one : {&targets_, &people_}) {
      one->setup.camera.thermal = thermal;
      one->setup.camera.ground = ground;
    }
    sdk::Zone zone = kLeft;
    zone.options = people_.setup.options;
    people_.setup.camera.zones = {zone};
    first_ = std::make_unique<host::AnalyzerSlot>(targets_.setup);
    second_ = std::make_unique<host::AnalyzerSlot>(people_.setup);
  }

  /// Warm boxes before a cool background, ten frames a second.
  void show(const std::vector<cv::Rect>& warm, const std::optional<sdk::People>& detected = {}) {
    cv::Mat picture(kSize, CV_32F, cv::Scalar(70));
    for (const cv::Rect& box : warm) picture(box & cv::Rect({0, 0}, kSize)).setTo(150);
    ingest::PictureFrameData data;
    data.sequence = shown_;
    data.captured = MonoTime{1h} + 100ms * shown_++;
    data.picture = to_8bit(with_noise(picture, 1.5, shown_));
    const sdk::FramePtr frame = ingest::make_picture_frame(std::move(data));
    const camera::GateResult& gate = gate_.process(*frame);
    sdk::Facts facts;
    facts.people = detected;
    sdk::Input input{*frame, gate.shrunk, gate.motion, gate.regions, gate.light, false, facts, {}};
    auto said = first_->process(input);
    REQUIRE(said);
    facts.movers = said->facts.movers;
    told = facts.movers;
    said = second_->process(input);
    REQUIRE(said);
    counted.clear();
    for (const sdk::Measurement& m : said->measurements) {
      if (m.name != "movers") continue;
      std::map<std::string, std::string> labels;
      for (const sdk::Label& label : m.labels) labels[label.name] = label.value;
      counted[labels["zone"] + ":" + labels["size"]] = m.value;
    }
  }

  std::optional<sdk::Movers> told;
  std::map<std::string, double> counted;  // by zone and size

 private:
  std::map<std::string, sdk::OptionValue> nobody() {
    const std::string path = folder_ / "det.txt";
    std::ofstream(path) << "1,-1,1,1,1,1,0,-1,-1,-1\n";
    return {{"detector", std::string("file")}, {"model", path}};
  }

  TempFolder folder_;
  camera::Gate gate_;
  SlotSetup targets_, people_;
  std::unique_ptr<host::AnalyzerSlot> first_, second_;
  std::uint64_t shown_ = 0;
};

cv::Rect walker(int x) { return {x, 200, 28, 80}; }
cv::Rect car(int x) { return {x, 300, 150, 70}; }

}  // namespace

TEST_CASE("A walker and a car at night are told by targets and counted into zones by people") {
  ThermalCamera camera;
  for (int i = 0; i < 20; ++i) camera.show({});
  REQUIRE(camera.told);
  REQUIRE(camera.told->movers.empty());
  for (int i = 0; i < 20; ++i) camera.show({walker(40 + 8 * i), car(330 + 8 * i)});
  REQUIRE(camera.told->movers.size() == 2);
  REQUIRE(camera.counted[":person"] == 1);
  REQUIRE(camera.counted[":vehicle"] == 1);
  REQUIRE(camera.counted["left:person"] == 1);
  REQUIRE(camera.counted["left:vehicle"] == 0);
  const std::int64_t id = camera.told->movers[0].id;
  camera.show({walker(40 + 8 * 20), car(330 + 8 * 20)});
  REQUIRE(camera.told->movers[0].id == id);
  for (int i = 0; i < 60; ++i) camera.show({});
  REQUIRE(camera.told->movers.empty());
}

TEST_CASE("What sways in its place, is too small, or has a detector's box is not told") {
  const auto told = [](ThermalCamera& camera, auto box_at, std::optional<sdk::People> detected = {}) {
    std::size_t most = 0;
    for (int i = 0; i < 20; ++i) camera.show({});
    for (int i = 0; i < 20; ++i) {
      camera.show({box_at(i)}, detected);
      most = std::max(most, camera.told ? camera.told->movers.size() : 0);
    }
    return most;
  };
  ThermalCamera swaying, small, known, usual;
  REQUIRE(told(usual, [](int i) { return walker(40 + 8 * i); }) == 1);
  REQUIRE(told(swaying, [](int i) { return walker(300 + (i % 2 == 0 ? 6 : 0)); }) == 0);
  ThermalCamera large({{"mover_px", std::vector<double>{150, 400}}});
  REQUIRE(told(large, [](int i) { return walker(40 + 8 * i); }) == 0);
  REQUIRE(told(
              known, [](int i) { return walker(40 + 8 * i); }, sdk::People{{{0, 0, 640, 480}}}) == 0);
}

TEST_CASE("Sizes are in metres where the camera knows its ground") {
  ThermalCamera camera({}, true, floor_of_pixels(15));  // the walker is 5 m, the car 10 m
  for (int i = 0; i < 20; ++i) camera.show({});
  for (int i = 0; i < 20; ++i) camera.show({walker(40 + 8 * i), car(330 + 8 * i)});
  REQUIRE(camera.counted[":person"] == 0);
  REQUIRE(camera.counted[":vehicle"] == 2);
  const targets::FloorScale scale(floor_of_pixels(40), kSize);
  REQUIRE(scale.size_m({100, 100, 30, 80}).value() == Approx(2));
  REQUIRE(scale.size_m({100, 100, 160, 80}).value() == Approx(4));
}

TEST_CASE("A calibrated camera measures what stands on its floor, and nothing above the horizon") {
  sdk::Ground ground;
  ground.calibration.emplace();
  ground.calibration->size = {1280, 960};
  ground.calibration->k = {800, 0, 640, 0, 800, 480, 0, 0, 1};
  // 4 m above the floor, looking 30° down along y
  const double c = std::cos(CV_PI / 6), s = std::sin(CV_PI / 6);
  ground.calibration->r = {1, 0, 0, 0, -s, -c, 0, c, -s};
  ground.calibration->t_m = ground.calibration->r * cv::Vec3d(0, 0, -4);
  const targets::FloorScale scale(ground, kSize);  // half as large: focal length 400
  // straight ahead in the middle of the picture the floor is 4 / sin 30° = 8 m away: 50 pixels a metre
  REQUIRE(scale.size_m({320 - 25, 240 - 90, 50, 90}).value() == Approx(1.8).epsilon(0.01));
  REQUIRE_FALSE(scale.size_m({300, 0, 20, 4}));
}

TEST_CASE("Cameras that are not thermal, and those told not to, tell of no movers") {
  ThermalCamera visible({}, false), quiet({{"movers", false}});
  for (int i = 0; i < 30; ++i) visible.show({walker(40 + 8 * i)}), quiet.show({walker(40 + 8 * i)});
  REQUIRE_FALSE(visible.told);
  REQUIRE_FALSE(quiet.told);
}

}  // namespace lynceus::test

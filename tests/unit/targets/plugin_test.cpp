// The plugin as the daemon loads it: what it lists, shows and tells of pictures and of a sequence.
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/host/analyzer_slot.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/scenes/scene.h"
#include "tests/support/catch.h"
#include "tests/unit/host/slot_setup.h"
#include "tests/unit/targets/sky.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

/// A camera with the targets plugin, frame by frame at 25 a second.
class SkyCamera {
 public:
  explicit SkyCamera(std::map<std::string, sdk::OptionValue> options = {}, std::vector<sdk::Zone> zones = {},
                     std::vector<sdk::Line> lines = {}, std::chrono::milliseconds step = 40ms)
      : step_(step), setup_(std::string(LYNCEUS_PLUGINS) + "/lynceus_targets.so", std::move(options)) {
    setup_.setup.camera.zones = std::move(zones);
    setup_.setup.camera.lines = std::move(lines);
    slot_ = std::make_unique<host::AnalyzerSlot>(setup_.setup);
  }

  const sdk::Observations& show(const cv::Mat& picture, bool still = false) {
    ingest::PictureFrameData data;
    data.sequence = shown_;
    data.captured = MonoTime{1h} + step_ * shown_++;
    data.picture = picture.depth() == CV_8U ? picture : cv::Mat();
    if (picture.depth() == CV_16U) data.radiometric = sdk::Radiometric{picture, 0.01, 0, {}};
    const sdk::FramePtr frame = ingest::make_picture_frame(std::move(data));
    cv::Mat shrunk;
    cv::resize(frame->luma(), shrunk, {160, 120}, 0, 0, cv::INTER_AREA);
    const cv::Mat motion = cv::Mat::zeros(shrunk.size(), CV_8UC1);
    const sdk::Facts facts;
    const sdk::Input input{*frame, shrunk, motion, {}, sdk::Light::day, false, facts, wanted_, still};
    auto said = slot_->process(input);
    REQUIRE(said);
    said_ = std::move(*said);
    for (const sdk::Event& event : said_.events)
      ++events[event.zone.empty() ? event.kind : event.kind + ":" + event.zone];
    return said_;
  }

  cv::Mat view(const std::string& name) const {
    for (const sdk::View& view : said_.views) {
      if (view.name == name) return view.picture;
    }
    return {};
  }
  bool active(const std::string& key) const {
    for (const sdk::Condition& condition : said_.conditions) {
      if (condition.key() == key) return condition.active;
    }
    return false;
  }
  int confirmed() const { return int(said_.measurements.at(0).value); }

  std::map<std::string, int> events;

 private:
  const std::vector<std::string> wanted_{"filtered", "response"};
  const std::chrono::milliseconds step_;
  SlotSetup setup_;
  std::unique_ptr<host::AnalyzerSlot> slot_;
  sdk::Observations said_;
  int shown_ = 0;
};

cv::Mat sky_with(std::vector<cv::Point2d> points, std::uint64_t seed) {
  cv::Mat picture = smooth_sky({200, 150});
  for (const cv::Point2d& at : points) add_point(picture, at, 60, 1.2);
  return to_8bit(with_noise(picture, 2, seed));
}

const sdk::Value::Array& targets_of(const sdk::Observations& said) {
  for (const auto& [key, value] : *said.details.get_if<sdk::Value::Object>()) {
    if (key == "targets") return *value.get_if<sdk::Value::Array>();
  }
  FAIL("no targets told");
  static const sdk::Value::Array none;
  return none;
}

cv::Rect2d box_of(const sdk::Value& target) {
  for (const auto& [key, value] : *target.get_if<sdk::Value::Object>()) {
    if (key != "box") continue;
    const auto& box = *value.get_if<sdk::Value::Array>();
    return {*box[0].get_if<double>(), *box[1].get_if<double>(), *box[2].get_if<double>(), *box[3].get_if<double>()};
  }
  return {};
}

}  // namespace

TEST_CASE("A single picture lists its targets, and its views are as large as it") {
  SkyCamera camera;
  const auto& list = targets_of(camera.show(sky_with({{50, 60}, {140, 90}}, 3), true));
  REQUIRE(list.size() == 2);
  REQUIRE((box_of(list[0]).contains(cv::Point2d(50.5, 60.5)) || box_of(list[1]).contains(cv::Point2d(50.5, 60.5))));
  REQUIRE(camera.view("filtered").type() == CV_8UC1);
  REQUIRE(camera.view("response").type() == CV_16UC1);
  REQUIRE(camera.view("response").size() == cv::Size(200, 150));
  REQUIRE(targets_of(camera.show(sky_with({}, 4), true)).empty());
}

TEST_CASE("A one-pixel target is not erased") {
  cv::Mat picture = sky_with({}, 5);
  picture.at<uchar>(70, 90) = 200;
  SkyCamera camera;
  const auto& list = targets_of(camera.show(picture, true));
  REQUIRE_FALSE(list.empty());
  REQUIRE(box_of(list[0]).contains(cv::Point2d(90.5, 70.5)));
}

TEST_CASE("16-bit pictures are filtered as they are") {
  cv::Mat wide = smooth_sky({200, 150});
  add_point(wide, {50, 60}, 40, 1.2);
  cv::Mat deep;
  with_noise(wide, 1, 6).convertTo(deep, CV_16U, 20, 20000);
  SkyCamera camera;
  const auto& list = targets_of(camera.show(deep, true));
  REQUIRE_FALSE(list.empty());
  REQUIRE(box_of(list[0]).contains(cv::Point2d(50.5, 60.5)));
  REQUIRE(camera.view("filtered").type() == CV_16UC1);
}

TEST_CASE("The best rectangle is searched: none for a point, one where single pixels are clutter") {
  const auto opening = [](const cv::Mat& picture, bool search) {
    SkyCamera camera({{"auto_opening", search}});
    for (const auto& [key, value] : *camera.show(picture).details.get_if<sdk::Value::Object>()) {
      if (key != "filter") continue;
      for (const auto& [name, size] : *value.get_if<sdk::Value::Object>()) {
        if (name != "opening") continue;
        const auto& sides = *size.get_if<sdk::Value::Array>();
        return cv::Size(int(*sides[0].get_if<std::int64_t>()), int(*sides[1].get_if<std::int64_t>()));
      }
    }
    return cv::Size();
  };
  cv::Mat point = sky_with({}, 5);
  point.at<uchar>(70, 90) = 220;
  REQUIRE(opening(point, true) == cv::Size(1, 1));
  cv::Mat block = sky_with({}, 6);
  block(cv::Rect(80, 60, 4, 4)) += 90;
  for (int i = 0; i < 400; ++i) block.at<uchar>(i * 37 % 150, i * 53 % 200) = 170;
  REQUIRE(opening(block, true).area() > 1);
  REQUIRE(opening(block, false) == cv::Size(1, 1));
}

TEST_CASE("Profile seed maps its boxes back to the picture") {
  SkyCamera camera({{"profile", std::string("seed")}});
  const auto& list = targets_of(camera.show(sky_with({{50, 60}}, 3), true));
  REQUIRE_FALSE(list.empty());
  REQUIRE(box_of(list[0]).contains(cv::Point2d(50.5, 60.5)));
  REQUIRE(camera.view("filtered").size() == cv::Size(200, 150));
}

TEST_CASE("A target enters, crosses a line, leaves its zone, is told as lost and goes") {
  const sdk::Zone left{"left", {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}, {}};
  SkyCamera camera({}, {left}, {{"fence", {0.35, 0}, {0.35, 1}}});
  bool lost = false;
  for (int i = 0; i < 90; ++i) {
    const cv::Point2d at(30 + 1.5 * i, 70);
    camera.show(sky_with(i < 70 ? std::vector{at} : std::vector<cv::Point2d>{}, std::uint64_t(i) + 1));
    if (i == 15) REQUIRE(camera.events["target_entered:left"] == 1);
    if (i == 30) REQUIRE(camera.confirmed() == 1);
    lost = lost || camera.active("target_lost:left");
  }
  REQUIRE(camera.events["line_crossed:fence"] == 1);
  REQUIRE(camera.events["target_left:left"] == 1);
  REQUIRE(camera.events["target_entered:left"] == 1);
  REQUIRE_FALSE(lost);  // it was lost outside the zone
  REQUIRE(camera.confirmed() == 0);
}

TEST_CASE("A target that stays is told, one that goes out of sight is lost") {
  SkyCamera camera({{"loiter_after", 1.0}});
  bool lost = false;
  for (int i = 0; i < 70; ++i) {
    camera.show(sky_with(i < 60 ? std::vector{cv::Point2d(60, 70 + 0.2 * i)} : std::vector<cv::Point2d>{},
                         std::uint64_t(i) + 1));
    if (i == 12) REQUIRE_FALSE(camera.active("target_loiter"));
    if (i == 55) REQUIRE(camera.active("target_loiter"));
    lost = lost || camera.active("target_lost");
  }
  REQUIRE(lost);
}

TEST_CASE("The target of the drawn sky is told as the demo shows it") {
  scenes::SceneSettings settings;
  settings.scene = "sky";
  const auto scene = scenes::make_scene(settings);
  SkyCamera camera({{"loiter_after", 2.0}}, {}, {}, 100ms);
  bool loiters = false;
  int near = 0, frames = 0;
  for (int i = 5; i < 60; ++i) {
    cv::Mat grey;
    cv::cvtColor(scene->render(i * 0.1), grey, cv::COLOR_BGR2GRAY);
    const auto& list = targets_of(camera.show(grey));
    loiters = loiters || camera.active("target_loiter");
    if (i < 20) continue;
    const cv::Rect2d truth = scene->truth(i * 0.1).targets.at(0);
    ++frames;
    near += !list.empty() && cv::norm((box_of(list[0]).tl() + box_of(list[0]).br() - truth.tl() - truth.br()) / 2) < 5;
  }
  bool lost = false;
  for (int i = 60; i < 120; ++i) {  // it passes behind a bank of cloud
    cv::Mat grey;
    cv::cvtColor(scene->render(i * 0.1), grey, cv::COLOR_BGR2GRAY);
    camera.show(grey);
    lost = lost || camera.active("target_lost");
  }
  REQUIRE(lost);
  REQUIRE(camera.events["target_entered"] >= 1);
  REQUIRE(loiters);
  REQUIRE(near >= frames * 9 / 10);
}

TEST_CASE("One pointed out is followed as number 1") {
  SkyCamera camera({{"init", std::vector<double>{56, 66, 9, 9}}});
  for (int i = 0; i < 40; ++i) {
    const cv::Point2d at(60 + i, 70 - 0.5 * i);
    const auto& list = targets_of(camera.show(sky_with({at, {150, 120}}, std::uint64_t(i) + 1)));
    REQUIRE(list.size() == 1);
    REQUIRE(box_of(list[0]).contains(at));
  }
}

}  // namespace lynceus::test

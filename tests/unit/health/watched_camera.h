// A synthetic camera under the eyes of the health plugin, loaded as the daemon loads it; time passes by showing frames.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

#include "pipeline/host/analyzer_slot.h"
#include "tests/support/catch.h"
#include "tests/unit/host/slot_setup.h"
#include "tests/unit/host/test_frame.h"

namespace lynceus::test {

/// A room's worth of detail, the same for the same seed: boxes of all sizes and shades over a slope of light.
inline cv::Mat scenery(cv::Size size, std::uint64_t seed = 1) {
  cv::RNG random(seed);
  cv::Mat picture(size, CV_8UC1);
  for (int y = 0; y < size.height; ++y) picture.row(y).setTo(90 + 60 * y / size.height);
  for (int i = 0; i < 120; ++i) {
    const int width = random.uniform(size.width / 60 + 1, size.width / 6);
    const int height = random.uniform(size.height / 60 + 1, size.height / 4);
    const cv::Point at(random.uniform(-width / 2, size.width), random.uniform(-height / 2, size.height));
    cv::rectangle(picture, cv::Rect(at, cv::Size(width, height)), cv::Scalar(random.uniform(30, 220)), cv::FILLED);
  }
  return picture;
}

class WatchedCamera {
 public:
  explicit WatchedCamera(std::map<std::string, sdk::OptionValue> options = {}, cv::Size size = {480, 270})
      : size_(size),
        setup_(std::string(LYNCEUS_PLUGINS) + "/lynceus_health.so", std::move(options)),
        slot_(setup_.setup) {}

  cv::Size size() const { return size_; }
  double now_s() const { return now_s_; }
  /// Seconds between two looks; 0.5 is the plugin's own cadence.
  void set_step(double seconds) { step_s_ = seconds; }
  void set_light(sdk::Light light) { light_ = light; }

  /// The scene as a live camera sees it: with noise that is never the same twice.
  cv::Mat live(const cv::Mat& scene, double noise = 2) {
    cv::Mat grain(scene.size(), CV_16SC1), sum;
    random_.fill(grain, cv::RNG::NORMAL, 0, noise);
    cv::add(scene, grain, sum, cv::noArray(), CV_8U);
    return sum;
  }

  /// One look; returns the state.
  std::string show(const cv::Mat& luma, bool discontinuity = false) {
    now_s_ += step_s_;
    TestInput input(luma, now_s_);
    input.light = light_;
    input.discontinuity = discontinuity;
    return process(input);
  }

  std::string show_live(const cv::Mat& scene, double for_s) {
    std::string state;
    for (const double end = now_s_ + for_s; now_s_ < end;) state = show(live(scene));
    return state;
  }

  /// One look that is said to be as it should be.
  std::string show_reference(const cv::Mat& luma) {
    now_s_ += step_s_;
    TestInput input(luma, now_s_);
    input.light = light_;
    input.take_reference = true;
    return process(input);
  }

  std::string show_still(const cv::Mat& luma) {
    TestInput input(luma);
    input.still = true;
    return process(input);
  }

  bool active(const std::string& kind) const {
    for (const sdk::Condition& condition : said_.conditions) {
      if (condition.kind == kind) return condition.active;
    }
    FAIL("condition not reported: " << kind);
    return false;
  }
  int active_count() const {
    int count = 0;
    for (const sdk::Condition& condition : said_.conditions) count += condition.active ? 1 : 0;
    return count;
  }
  double measured(const std::string& name) const {
    for (const sdk::Measurement& m : said_.measurements) {
      if (m.name == name) return m.value;
    }
    FAIL("not measured: " << name);
    return 0;
  }

 private:
  std::string process(const TestInput& input) {
    auto said = slot_.process(input.input());
    REQUIRE(said);
    said_ = std::move(*said);
    const auto* details = said_.details.get_if<sdk::Value::Object>();
    REQUIRE(details != nullptr);
    return *details->front().second.get_if<std::string>();
  }

  const cv::Size size_;
  SlotSetup setup_;
  host::AnalyzerSlot slot_;
  cv::RNG random_{99};
  double now_s_ = 100, step_s_ = 0.5;
  sdk::Light light_ = sdk::Light::day;
  sdk::Observations said_;
};

}  // namespace lynceus::test

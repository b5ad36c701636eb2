// The pipes plugin as the daemon loads it, shown one picture after another in virtual time.
#pragma once

#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/host/analyzer_slot.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/scenes/thermal.h"
#include "tests/support/catch.h"
#include "tests/unit/host/slot_setup.h"

namespace lynceus::test {

class WatchedPipe {
 public:
  explicit WatchedPipe(std::map<std::string, sdk::OptionValue> options = {}, std::vector<sdk::Zone> zones = {})
      : setup_(std::string(LYNCEUS_PLUGINS) + "/lynceus_pipes.so", std::move(options)) {
    for (sdk::Zone& zone : zones) {
      auto values = setup_.setup.options.values();
      for (const auto& [key, value] : zone.options.values()) values.insert_or_assign(key, value);
      zone.options = sdk::Options(std::move(values));
    }
    setup_.setup.camera.zones = std::move(zones);
    slot_ = std::make_unique<host::AnalyzerSlot>(setup_.setup);
  }

  /// Kelvin × 100 of a field in Celsius.
  static sdk::Radiometric centikelvin(const cv::Mat& celsius) {
    sdk::Radiometric out;
    celsius.convertTo(out.raw, CV_16U, 100, 27315);
    return out;
  }
  std::string show(const cv::Mat& celsius, double passed_s = 1) {
    return look({}, centikelvin(celsius), passed_s, false);
  }
  std::string show_still(const cv::Mat& celsius) { return look({}, centikelvin(celsius), 1, true); }
  std::string show_picture(const cv::Mat& bgr, bool still = true) { return look(bgr, std::nullopt, 1, still); }
  std::string look(cv::Mat picture, std::optional<sdk::Radiometric> radiometric, double passed_s, bool still) {
    now_s_ += passed_s;
    const auto captured = MonoTime{} + std::chrono::microseconds(static_cast<std::int64_t>(now_s_ * 1e6));
    const auto frame = ingest::make_picture_frame({"cam", 0, captured, {}, std::move(picture), std::move(radiometric)});
    const cv::Mat shrunk(90, 160, CV_8U, cv::Scalar(0)), motion(90, 160, CV_8U, cv::Scalar(0));
    const sdk::Facts facts;
    sdk::Input input{*frame, shrunk, motion, {}, sdk::Light::day, false, facts, wanted, still};
    input.take_reference = std::exchange(take_reference, false);
    auto said = slot_->process(input);
    REQUIRE(said);
    said_ = std::move(*said);
    return text("diagnosis");
  }

  const sdk::Observations& said() const { return said_; }
  const sdk::Value* detail(const std::string& key) const {
    for (const auto& [name, value] : *said_.details.get_if<sdk::Value::Object>()) {
      if (name == key) return &value;
    }
    return nullptr;
  }
  std::string text(const std::string& key) const {
    const sdk::Value* value = detail(key);
    REQUIRE(value != nullptr);
    REQUIRE(value->get_if<std::string>() != nullptr);
    return *value->get_if<std::string>();
  }
  const sdk::Condition* condition(const std::string& key) const {
    for (const sdk::Condition& c : said_.conditions) {
      if (c.key() == key) return &c;
    }
    return nullptr;
  }
  bool active(const std::string& key) const {
    REQUIRE(condition(key) != nullptr);
    return condition(key)->active;
  }
  std::optional<double> measured(const std::string& name, const std::string& label = "") const {
    for (const sdk::Measurement& m : said_.measurements) {
      if (m.name == name && (label.empty() || (!m.labels.empty() && m.labels[0].value == label))) return m.value;
    }
    return std::nullopt;
  }

  std::vector<std::string> wanted;
  bool take_reference = false;

 private:
  SlotSetup setup_;
  std::unique_ptr<host::AnalyzerSlot> slot_;
  double now_s_ = 100;
  sdk::Observations said_;
};

/// A plain recipe whose fault is as given.
inline scenes::ThermalRecipe plain_recipe(std::uint64_t seed = 3) {
  scenes::ThermalRecipe r;
  r.seed = seed;
  r.size = {320, 240};
  return r;
}
inline scenes::ThermalRecipe damaged_recipe(double along = 0.4) {
  scenes::ThermalRecipe r = plain_recipe();
  r.fault = scenes::PipeFault::damaged;
  r.patches = {{along, 0, 0.05, 0.5, 52, 0.1}};
  return r;
}
inline scenes::ThermalRecipe bare_recipe(double from = 0.3, double to = 0.65) {
  scenes::ThermalRecipe r = plain_recipe();
  r.fault = scenes::PipeFault::missing;
  r.gaps = {{from, to, 0.55, 62}};
  return r;
}

}  // namespace lynceus::test

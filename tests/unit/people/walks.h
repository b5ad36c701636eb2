// People walking over a known floor, as a file of boxes, and the people plugin as the daemon loads it, looking at them.
//
//   Walks walks(10);                                     // frames a second
//   for (…) walks.at(time_s, {{0, 8}, {1, 8}});          // where everybody stands, metres
//   auto said = walks.watched({…options});               // Observations a frame
#pragma once

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/host/analyzer_slot.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/scenes/ground_camera.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/host/slot_setup.h"

namespace lynceus::test {

class Walks {
 public:
  using Options = std::map<std::string, sdk::OptionValue>;

  explicit Walks(double fps) : fps_(fps) {}

  static const scenes::GroundCamera& camera() {
    static const scenes::GroundCamera camera({{1280, 720}, 3.2, 20, 900});
    return camera;
  }
  static cv::Rect2d box(const cv::Point2d& at, double height_m = 1.7) {
    const cv::Point2d foot = camera().pixel({at.x, at.y, 0}), head = camera().pixel({at.x, at.y, height_m});
    const double h = foot.y - head.y;
    return {foot.x - 0.2 * h, head.y, 0.4 * h, h};
  }

  /// One frame more.
  Walks& frame(const std::vector<cv::Point2d>& people, double score = 1) {
    ++frames_;
    for (const cv::Point2d& p : people) add(box(p), score);
    return *this;
  }
  /// To the latest frame.
  void add(const cv::Rect2d& b, double score) {
    char line[160];
    std::snprintf(line, sizeof line, "%d,-1,%.9f,%.9f,%.9f,%.9f,%.4f,-1,-1,-1\n", frames_, b.x, b.y, b.width, b.height,
                  score);
    text_ += line;
  }

  /// Options that make the floor known by four points; feet at the boxes' lower edges.
  static Options on_floor() {
    const sdk::Polygon metres{{-2, 6}, {2, 6}, {2, 14}, {-2, 14}};
    sdk::Polygon image;
    for (const cv::Point2d& m : metres) image.push_back(camera().pixel({m.x, m.y, 0}));
    return {{"homography.image", image}, {"homography.metres", metres}, {"foot_fraction", 1.0}};
  }

  std::vector<sdk::Observations> watched(Options options = on_floor(), std::vector<sdk::Zone> zones = {},
                                         std::vector<sdk::Line> lines = {}, sdk::Facts facts = {},
                                         bool still = false) const {
    const std::string path = folder_ / "det.txt";
    std::ofstream(path) << text_;
    options["detector"] = std::string("file");
    options["model"] = path;
    SlotSetup setup(std::string(LYNCEUS_PLUGINS) + "/lynceus_people.so", std::move(options));
    for (sdk::Zone& zone : zones) {
      auto values = setup.setup.options.values();
      for (const auto& [key, value] : zone.options.values()) values.insert_or_assign(key, value);
      zone.options = sdk::Options(std::move(values));
    }
    setup.setup.camera.zones = std::move(zones);
    setup.setup.camera.lines = std::move(lines);
    host::AnalyzerSlot slot(setup.setup);
    std::vector<sdk::Observations> out;
    for (int i = 0; i < frames_; ++i) out.push_back(look(slot, i, facts, still));
    return out;
  }

 private:
  sdk::Observations look(host::AnalyzerSlot& slot, int i, const sdk::Facts& facts, bool still) const {
    const auto captured = MonoTime{} + std::chrono::microseconds(std::int64_t(1e6 * (10 + i / fps_)));
    const cv::Mat blank(720, 1280, CV_8UC1, cv::Scalar(0)), shrunk(90, 160, CV_8U, cv::Scalar(0));
    const auto frame = ingest::make_picture_frame({"cam", std::uint64_t(i), captured, {}, blank, {}});
    const std::vector<std::string> wanted{"topdown", "heatmap"};
    const sdk::Input input{*frame, shrunk, shrunk, {}, sdk::Light::day, false, facts, wanted, still};
    auto said = slot.process(input);
    if (!said) FAIL(slot.last_error());
    return std::move(*said);
  }

  const double fps_;
  int frames_ = 0;
  std::string text_;
  TempFolder folder_;
};

/// A value of the details: person or pair `i`, key.
inline const sdk::Value& detail(const sdk::Value& value, const std::string& key) {
  for (const auto& [name, inner] : *value.get_if<sdk::Value::Object>()) {
    if (name == key) return inner;
  }
  throw std::runtime_error("no detail " + key);
}
inline const sdk::Value::Array& list(const sdk::Observations& said, const std::string& key) {
  return *detail(said.details, key).get_if<sdk::Value::Array>();
}
inline std::string text(const sdk::Value& value, const std::string& key) {
  const auto* found = detail(value, key).get_if<std::string>();
  return found != nullptr ? *found : "";
}
inline const sdk::Condition& condition(const sdk::Observations& said, const std::string& key) {
  for (const sdk::Condition& c : said.conditions) {
    if (c.key() == key) return c;
  }
  throw std::runtime_error("no condition " + key);
}
inline double measured(const sdk::Observations& said, const std::string& name, const std::string& zone = "") {
  for (const sdk::Measurement& m : said.measurements) {
    const bool there = m.labels.empty() || std::any_of(m.labels.begin(), m.labels.end(), [&](const sdk::Label& label) {
                         return label.name == "zone" && label.value == zone;
                       });
    if (m.name == name && there) return m.value;
  }
  throw std::runtime_error("no measurement " + name);
}

}  // namespace lynceus::test

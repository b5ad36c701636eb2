// Tells how bright each zone of the picture is, and raises an alarm where it is too dark.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <vector>

#include "plugins/sdk/plugin.h"

namespace {

namespace sdk = lynceus::sdk;

/// A named rectangle of the gate's shrunk picture and the level below which it is too dark.
struct Area {
  std::string name;
  sdk::Polygon polygon;
  double least = 0;
};

/// The smallest rectangle around a polygon, in pixels of a picture of this size.
cv::Rect around(const sdk::Polygon& polygon, cv::Size size) {
  double left = 1, top = 1, right = 0, bottom = 0;
  for (const cv::Point2d& p : polygon) {
    left = std::min(left, p.x), right = std::max(right, p.x);
    top = std::min(top, p.y), bottom = std::max(bottom, p.y);
  }
  const cv::Point upper(cvFloor(left * size.width), cvFloor(top * size.height));
  const cv::Point lower(cvCeil(right * size.width), cvCeil(bottom * size.height));
  return cv::Rect(upper, lower) & cv::Rect({0, 0}, size);
}

class Brightness final : public sdk::Analyzer {
 public:
  explicit Brightness(sdk::Services& services) : services_(services) {
    for (const sdk::Zone& zone : services.camera().zones) {
      areas_.push_back({zone.name, zone.polygon, zone.options.number("least")});
    }
    if (areas_.empty()) areas_.push_back({"", {{0, 0}, {1, 1}}, services.options().number("least")});
    restore();
  }

  void process(const sdk::Input& input, sdk::Observations& out) override {
    sdk::Value::Object levels;
    for (const Area& area : areas_) {
      const cv::Rect part = around(area.polygon, input.shrunk.size());
      if (part.empty()) continue;
      const double level = cv::mean(input.shrunk(part))[0];
      out.measurements.push_back({"brightness", level, "", {{"zone", area.name}}});
      out.conditions.push_back(condition(area, level));
      levels.emplace_back(area.name.empty() ? "picture" : area.name, level);
    }
    out.details.set("levels", levels).set("calls", ++calls_);
    if (calls_ % 1000 == 0) services_.state().write("calls", std::as_bytes(std::span(&calls_, 1)));
  }

 private:
  static sdk::Condition condition(const Area& area, double level) {
    sdk::Condition condition;
    condition.kind = "too_dark";
    condition.zone = area.name;
    condition.active = level < area.least;
    condition.summary = "It is too dark";
    condition.value = level;
    condition.limit = area.least;
    return condition;
  }

  /// A blob is what an earlier version wrote, perhaps: never trust its size.
  void restore() {
    const auto blob = services_.state().read("calls");
    if (blob && blob->size() == sizeof calls_) std::memcpy(&calls_, blob->data(), sizeof calls_);
  }

  sdk::Services& services_;
  std::vector<Area> areas_;
  std::int64_t calls_ = 0;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "brightness";
  info.version = "1.0";
  info.summary = "How bright the picture or each zone of it is";
  info.when = "1s";
  info.options = {{.key = "least",
                   .type = sdk::OptionType::number,
                   .fallback = 40.0,
                   .help = "grey level below which it is too dark",
                   .least = 0,
                   .greatest = 255,
                   .per_zone = true}};
  info.kinds = {"too_dark"};
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("brightness", Brightness, info)

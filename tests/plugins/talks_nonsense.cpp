// Says what nobody can use: numbers that are none, broken text, endless lists, pictures of a wrong type.
#include <limits>
#include <string>

#include "plugins/sdk/plugin.h"

namespace {

namespace sdk = lynceus::sdk;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

class TalksNonsense final : public sdk::Analyzer {
 public:
  explicit TalksNonsense(sdk::Services& services) : log_(services.log()) {}

  void process(const sdk::Input&, sdk::Observations& out) override {
    for (int i = 0; i < 50; ++i) log_.write(sdk::LogLevel::warning, "blah\nblah");
    out.entities.push_back({1, "ghost", {kNan, 0, 1, 1}, 1, {}, ""});
    out.entities.push_back({2, "\xff\xfe real", {0, 0, 1, 1}, 1, cv::Point2d{kNan, 0}, ""});
    out.measurements.push_back({"good", 1, "", {}});
    out.measurements.push_back({"bad", kInfinite, "", {}});
    out.counters.push_back({"backwards", -1, {}});
    for (int i = 0; i < 1000; ++i) out.measurements.push_back({"many", 1, "", {{"index", std::to_string(i)}}});
    for (int i = 0; i < 1000; ++i) out.conditions.push_back(condition(i));
    out.views.push_back({"strange", cv::Mat::zeros(4, 4, CV_64FC2)});
    out.facts.floor_mask = sdk::FloorMask{cv::Mat::zeros(4, 4, CV_32FC1), 1};
    out.overlay.boxes.push_back({{0, kNan, 1, 1}, {}, "box"});
    out.details.set("number", kNan).set("text", "caf\xe9");
  }

 private:
  static sdk::Condition condition(int index) {
    sdk::Condition condition;
    condition.kind = "noise";
    condition.zone = "zone" + std::to_string(index);
    condition.active = index >= 500;
    condition.value = kNan;
    return condition;
  }

  sdk::Log& log_;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "talks_nonsense";
  info.version = "1";
  info.summary = "says what nobody can use";
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("talks_nonsense", TalksNonsense, info)

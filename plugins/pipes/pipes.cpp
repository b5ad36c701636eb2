// Diagnoses the insulation of hot-water pipes from thermal pictures: docs/guide/pipes.md.
#include <algorithm>
#include <chrono>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/pipes/area_watch.h"
#include "plugins/pipes/report.h"
#include "plugins/pipes/settings.h"
#include "plugins/pipes/thermometer.h"
#include "plugins/sdk/plugin.h"

namespace lynceus::pipes {
namespace {

/// The worst first: what a picture with several zones is called.
int badness(Kind kind) {
  switch (kind) {
    case Kind::missing:
      return 4;
    case Kind::damaged:
      return 3;
    case Kind::unreadable:
      return 2;
    case Kind::normal:
      return 1;
    case Kind::no_pipe:
      return 0;
  }
  return 0;
}

class Pipes final : public sdk::Analyzer {
 public:
  explicit Pipes(sdk::Services& services)
      : settings_(settings_from(services.options(), services.camera().zones)), thermometer_(settings_) {
    for (const AreaSettings& area : settings_.areas) {
      areas_.push_back(std::make_unique<AreaWatch>(settings_, area, services.state()));
    }
  }

  void process(const sdk::Input& input, sdk::Observations& out) override {
    const double time_s = std::chrono::duration<double>(input.frame.captured().time_since_epoch()).count();
    if (input.take_reference) {
      for (auto& area : areas_) area->take_reference();
    }
    const Reading& reading = thermometer_.look(input.frame, input.still);
    for (auto& area : areas_) {
      if (reading.source == Source::none) {
        area->unreadable(reading.why, time_s, input.still);
      } else {
        area->look(input.frame, thermometer_, reading.usable, time_s, input.still);
      }
      area->add_conditions(out.conditions);
      add_measurements(area->found(), area->settings().name, out);
      draw(area->found(), area->settings().name, out.overlay);
    }
    add_faults(out);
    describe_all(input, reading, out.details);
    if (input.wants("temp")) out.views.push_back({"temp", picture_of_temperatures(input.frame, reading)});
  }

 private:
  const AreaWatch& worst() const {
    return **std::max_element(areas_.begin(), areas_.end(), [](const auto& a, const auto& b) {
      return badness(a->found().kind) < badness(b->found().kind);
    });
  }

  /// One series a fault and camera, whatever its zones.
  void add_faults(sdk::Observations& out) const {
    for (const char* kind : {"insulation_damaged", "insulation_missing", "over_temperature"}) {
      const bool active = std::any_of(out.conditions.begin(), out.conditions.end(),
                                      [&](const sdk::Condition& c) { return c.kind == kind && c.active; });
      out.measurements.push_back({"pipe_fault", active ? 1.0 : 0.0, "", {{"fault", kind}}});
    }
  }

  void describe_all(const sdk::Input& input, const Reading& reading, sdk::Value& details) {
    for (auto& [key, value] : describe(worst().found())) details.set(key, std::move(value));
    details.set("profile", settings_.profile == Profile::seed ? "seed" : "recommended");
    details.set("source", source_name(reading.source));
    if (reading.scale) details.set("scale", scale_of(input, *reading.scale));
    if (areas_.size() < 2) return;
    sdk::Value zones;
    for (const auto& area : areas_) zones.set(area->settings().name, describe(area->found()));
    details.set("zones", std::move(zones));
  }

  sdk::Value scale_of(const sdk::Input& input, const ScaleState& state) {
    sdk::Value scale = describe(state);
    if (const auto residual = thermometer_.residual()) scale.set("residual", *residual);
    if (!input.still) return scale;
    if (const auto off = thermometer_.disagreement(input.frame)) {
      scale.set("disagreement", describe(*off));
    }
    return scale;
  }

  static const char* source_name(Source source) {
    return source == Source::radiometric ? "radiometric" : source == Source::palette ? "palette" : "none";
  }

  /// Kelvin × 100; 0 where no temperature is known.
  cv::Mat picture_of_temperatures(const sdk::Frame& frame, const Reading& reading) {
    cv::Mat out = cv::Mat::zeros(frame.size(), CV_16U);
    if (reading.source == Source::none) return out;
    cv::Mat celsius, known, kelvin;
    const AreaSettings& area = settings_.areas.front();
    thermometer_.celsius(frame, {area.emissivity, area.reflected_celsius}, celsius, known);
    celsius.convertTo(kelvin, CV_16U, 100, 27315);
    kelvin.copyTo(out, known);
    return out;
  }

  const Settings settings_;
  Thermometer thermometer_;
  std::vector<std::unique_ptr<AreaWatch>> areas_;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "pipes";
  info.version = LYNCEUS_VERSION;
  info.summary = "Insulation of hot-water pipes in thermal pictures: damaged, missing, too hot";
  info.when = "1s";
  info.options = option_table();
  info.kinds = {"insulation_damaged",   "insulation_missing", "over_temperature",
                "over_temperature_pre", "temperature_rise",   "temperature_difference",
                "pipe_drift",           "sensor_unreadable",  "camera_moved"};
  info.views = {"temp"};
  info.takes_reference = true;
  return info;
}

}  // namespace
}  // namespace lynceus::pipes

LYNCEUS_PLUGIN("pipes", lynceus::pipes::Pipes, lynceus::pipes::info)

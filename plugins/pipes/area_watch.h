// One zone (or the whole picture) over time: its diagnosis, and the alarms that follow from it. Thread: bound to the
// analyzer.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "plugins/pipes/diagnosis.h"
#include "plugins/pipes/drift_watch.h"
#include "plugins/pipes/hold.h"
#include "plugins/pipes/recommended.h"
#include "plugins/pipes/settings.h"
#include "plugins/pipes/temperature_watch.h"
#include "plugins/pipes/thermometer.h"
#include "plugins/sdk/observations.h"
#include "plugins/sdk/services.h"

namespace lynceus::pipes {

class AreaWatch {
 public:
  AreaWatch(const Settings& settings, const AreaSettings& area, sdk::State& state);

  /// What `thermometer` has looked at last is `frame`. `celsius` and `known` are of the whole picture; empty in
  /// profile seed, which reads what it needs itself.
  const Diagnosis& look(const sdk::Frame& frame, Thermometer& thermometer, const cv::Rect& usable, double time_s,
                        bool still);
  void unreadable(const std::string& why, double time_s, bool still);
  void add_conditions(std::vector<sdk::Condition>& out) const;
  void take_reference() { judge_.forget(); }
  const Diagnosis& found() const { return found_; }
  const AreaSettings& settings() const { return area_; }

 private:
  cv::Rect crop_of(cv::Size size, const cv::Rect& usable) const;
  Diagnosis by_seed(const sdk::Frame& frame, Thermometer& thermometer, const cv::Rect& crop);
  Diagnosis by_recommended(const cv::Mat& celsius, const cv::Mat& known, const cv::Rect& crop, double time_s,
                           bool still);
  void update_alarms(std::optional<double> reference, double time_s, bool still);
  void save_drift(double time_s);
  sdk::Condition fault(const char* kind, const Hold& hold, const char* summary) const;

  const Settings& settings_;
  const AreaSettings& area_;
  sdk::State& state_;
  RecommendedJudge judge_;
  TemperatureWatch temperatures_;
  DriftWatch drift_;
  Hold damaged_, missing_, unreadable_;
  Diagnosis found_;
  std::optional<double> saved_at_s_;
};

}  // namespace lynceus::pipes

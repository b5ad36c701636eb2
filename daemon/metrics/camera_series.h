// The series of one camera that its reports move. What can be known at the start exists from the start, at 0; all of it
// goes with this object. Thread: bound to the camera's worker, but for encoded().
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/metrics/pushed.h"
#include "daemon/metrics/series.h"
#include "pipeline/camera/camera_settings.h"
#include "pipeline/camera/report.h"
#include "plugins/sdk/plugin.h"

namespace lynceus::daemon {

class CameraSeries {
 public:
  /// `infos`: of the camera's plugins, as far as they are loaded.
  CameraSeries(PushedFamilies& families, const camera::CameraSettings& settings,
               const std::vector<const sdk::PluginInfo*>& infos);

  void on_report(const camera::FrameReport& report);
  void encoded(double seconds, double cpu_seconds);  ///< thread: any

 private:
  /// What one plugin adds; at most 200 of its own making.
  struct PluginSeries {
    HistogramSeries duration;
    CounterSeries cpu, dropped;
    std::map<std::string, GaugeSeries> measurements;  ///< by name and labels
    std::map<std::string, CounterSeries> counters;
    std::map<std::string, GaugeSeries> conditions;  ///< by kind
    std::size_t made = 0;
  };

  PluginSeries& of(const std::string& plugin);
  void make_known(const std::string& plugin, const camera::AnalyzerSettings& settings);
  void set_light(sdk::Light light);
  void set_conditions(PluginSeries& series, const std::string& plugin, const std::vector<sdk::Condition>& conditions);
  void set_measurement(PluginSeries& series, const std::string& plugin, const sdk::Measurement& measurement);
  void add_counter(PluginSeries& series, const std::string& plugin, const sdk::Counter& counter);
  void count_event(PluginSeries& series, const std::string& kind);
  GaugeSeries make_gauge(const std::string& plugin, const sdk::Measurement& measurement);

  PushedFamilies& families_;
  const std::string camera_;
  std::map<std::string, PluginSeries, std::less<>> plugins_;
  std::map<std::string, CounterSeries, std::less<>> events_;  ///< by kind
  std::vector<GaugeSeries> lights_;                           ///< day, night, adapting
  HistogramSeries gate_, encode_;
  CounterSeries gate_cpu_, encode_cpu_;
};

}  // namespace lynceus::daemon

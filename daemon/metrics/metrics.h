// Everything Prometheus sees. Reports push what happens frame by frame into series resolved once per camera; the rest
// is pulled when somebody scrapes. Every family is there from the first scrape; a removed camera takes its series
// along.
//
// Owner: app. Thread: any. Reports of one camera must come one at a time (its worker's thread).
//
//   metrics.add(settings, infos);   metrics.text({directory.cameras(), runner.stats(), figures});
#pragma once

#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "daemon/live/camera_status.h"
#include "daemon/metrics/alarm_series.h"
#include "daemon/metrics/camera_series.h"
#include "daemon/metrics/pulled.h"
#include "daemon/metrics/pushed.h"

namespace lynceus::daemon {

class Metrics final : public camera::ReportSink {
 public:
  struct Pull {
    std::vector<CameraStatus> cameras;
    std::vector<infer::ModelStats> models;
    DaemonFigures figures;
    AlarmFigures alarms = {};
  };

  Metrics();
  ~Metrics() override;

  void add(const camera::CameraSettings& settings, const std::vector<const sdk::PluginInfo*>& infos);
  void remove(const std::string& camera);

  void on_report(const camera::FrameReport& report) override;
  void encoded(const std::string& camera, double seconds, double cpu_seconds);
  void inferred(const std::string& model, int batch, double seconds);
  /// Of alarms and deliveries.
  AlarmSeries& alarms() { return alarms_; }
  void answered(int http_status);
  void connection_dropped(const std::string& reason);

  /// Prometheus text format 0.0.4.
  std::string text(const Pull& pull) const;

 private:
  struct ModelSeries {
    HistogramSeries batch, duration;
  };

  prometheus::Registry registry_;
  PushedFamilies families_;
  AlarmSeries alarms_;
  mutable std::shared_mutex mutex_;  ///< shared while a report is written, alone while cameras come and go
  std::map<std::string, CameraSeries, std::less<>> cameras_;  // guarded by mutex_
  std::mutex rows_mutex_;
  std::map<std::string, ModelSeries, std::less<>> models_;              // guarded by rows_mutex_
  std::map<int, CounterSeries> answers_;                                // guarded by rows_mutex_
  std::map<std::string, CounterSeries, std::less<>> connection_drops_;  // guarded by rows_mutex_
};

}  // namespace lynceus::daemon

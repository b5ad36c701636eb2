// The families that are read when Prometheus comes: cameras' counters and states, store, models, process.
// Thread: any; plain functions from plain data.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/alarms/alarm.h"
#include "daemon/live/camera_status.h"
#include "daemon/metrics/process_metrics.h"
#include "pipeline/infer/model_runner.h"

namespace lynceus::daemon {

/// The daemon's own figures.
struct DaemonFigures {
  bool last_reload_successful = true;
  double last_reload_success_seconds = 0;  ///< wall time
  std::uint64_t database_bytes = 0, snapshot_bytes = 0, clip_bytes = 0, store_errors = 0;
  int http_connections = 0;
  int plugins_refused = 0;
};

/// How alarms and what is owed stand just now.
struct AlarmFigures {
  std::vector<Alarm> raised;
  struct Sink {
    std::string name;
    std::int64_t pending = 0;
    double oldest_seconds = 0;
  };
  std::vector<Sink> sinks;
};

/// `known`: kinds and severities that are there at 0.
std::vector<prometheus::MetricFamily> alarm_families(const AlarmFigures& figures,
                                                     const std::set<std::pair<std::string, std::string>>& known);
std::vector<prometheus::MetricFamily> camera_families(const std::vector<CameraStatus>& cameras);
std::vector<prometheus::MetricFamily> model_families(const std::vector<infer::ModelStats>& models);
std::vector<prometheus::MetricFamily> daemon_families(const DaemonFigures& figures, const ProcessUse& process);

}  // namespace lynceus::daemon

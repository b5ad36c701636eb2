// The families that are read when Prometheus comes: cameras' counters and states, store, models, process.
// Thread: any; plain functions from plain data.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <vector>

#include "daemon/live/camera_status.h"
#include "daemon/metrics/process_metrics.h"
#include "pipeline/infer/model_runner.h"

namespace lynceus::daemon {

/// The daemon's own figures.
struct DaemonFigures {
  bool last_reload_successful = true;
  double last_reload_success_seconds = 0;  ///< wall time
  std::uint64_t database_bytes = 0, store_errors = 0;
  int http_connections = 0;
  int plugins_refused = 0;
};

std::vector<prometheus::MetricFamily> camera_families(const std::vector<CameraStatus>& cameras);
std::vector<prometheus::MetricFamily> model_families(const std::vector<infer::ModelStats>& models);
std::vector<prometheus::MetricFamily> daemon_families(const DaemonFigures& figures, const ProcessUse& process);

}  // namespace lynceus::daemon

// The series of alarms and deliveries: what was raised, how long it took from the frame to the alarm on disk, and what
// became of each attempt to tell a sink. Kinds and sinks known at the start stand at 0; those of a removed camera go.
// Owner: Metrics. Thread: any; on_changes is the desk's.
#pragma once

#include <prometheus/registry.h>

#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "daemon/alarms/alarm.h"
#include "daemon/metrics/series.h"

namespace lynceus::daemon {

class AlarmSeries {
 public:
  explicit AlarmSeries(prometheus::Registry& registry);

  /// A camera and the kinds that may be raised of it; `camera` empty: the site.
  void add(const std::string& camera, const std::vector<std::string>& kinds);
  void remove(const std::string& camera);
  void on_changes(std::span<const AlarmChange> changes, MonoTime now);
  /// Kinds and severities that are to be there, at 0 where none is raised.
  std::set<std::pair<std::string, std::string>> known() const;

  /// Sinks as configured now; series of others go.
  void sinks(const std::vector<std::string>& names);
  void delivered(const std::string& sink, const std::string& result);  ///< delivered, retry, failed

 private:
  using Kind = std::pair<std::string, std::string>;  ///< and its severity
  using Counters = std::map<Kind, CounterSeries>;

  CounterSeries* counter(const std::string& camera, const Kind& kind);

  prometheus::Family<prometheus::Counter>& alarms_;
  prometheus::Family<prometheus::Counter>& deliveries_;
  HistogramSeries to_alarm_;
  mutable std::mutex mutex_;
  std::map<std::string, Counters> raised_;                                // guarded by mutex_; by camera
  std::map<std::pair<std::string, std::string>, CounterSeries> results_;  // guarded by mutex_; by sink and result
};

}  // namespace lynceus::daemon

#include "daemon/metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <sstream>
#include <utility>

#include "base/log.h"
#include "config/alarm_kinds.h"
#include "daemon/metrics/families.h"

namespace lynceus::daemon {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

void append(Families& all, Families more) { std::move(more.begin(), more.end(), std::back_inserter(all)); }

/// In the table's order. Families without a series are told all the same; one that is half pushed and half pulled
/// (the CPU time of stages) is put together.
Families in_order(Families have) {
  Families all;
  for (const FamilySpec& spec : families()) {
    prometheus::MetricFamily whole{spec.name, spec.help, spec.type, {}};
    for (prometheus::MetricFamily& part : have) {
      if (part.name == spec.name) std::move(part.metric.begin(), part.metric.end(), std::back_inserter(whole.metric));
    }
    all.push_back(std::move(whole));
  }
  return all;
}

prometheus::Histogram::BucketBoundaries batch_buckets() { return {1, 2, 4, 8, 16, 32}; }

}  // namespace

Metrics::Metrics() : families_(registry_), alarms_(registry_) {
  alarms_.add("", config::site_kinds());
  answers_.emplace(200, CounterSeries(families_.http_requests, LabelSet{{"code", "200"}}));
  for (const char* reason : {"limit", "slow", "header"}) {
    connection_drops_.emplace(reason, CounterSeries(families_.http_dropped, LabelSet{{"reason", reason}}));
  }
}

Metrics::~Metrics() = default;

void Metrics::add(const camera::CameraSettings& settings, const std::vector<const sdk::PluginInfo*>& infos) {
  alarms_.add(settings.id, config::camera_kinds(infos));
  std::unique_lock lock(mutex_);
  cameras_.erase(settings.id);
  cameras_.try_emplace(settings.id, families_, settings, infos);
}

void Metrics::remove(const std::string& camera) {
  alarms_.remove(camera);
  std::unique_lock lock(mutex_);
  cameras_.erase(camera);
}

void Metrics::on_report(const camera::FrameReport& report) {
  std::shared_lock lock(mutex_);
  const auto found = cameras_.find(report.camera);
  if (found != cameras_.end()) found->second.on_report(report);
}

void Metrics::encoded(const std::string& camera, double seconds, double cpu_seconds) {
  std::shared_lock lock(mutex_);
  const auto found = cameras_.find(camera);
  if (found != cameras_.end()) found->second.encoded(seconds, cpu_seconds);
}

void Metrics::inferred(const std::string& model, int batch, double seconds) {
  std::lock_guard lock(rows_mutex_);
  auto found = models_.find(model);
  if (found == models_.end()) {
    const LabelSet labels{{"model", label_value(model)}};
    found = models_
                .emplace(model, ModelSeries{HistogramSeries(families_.batch, labels, batch_buckets()),
                                            HistogramSeries(families_.inference, labels, duration_buckets())})
                .first;
  }
  found->second.batch->Observe(batch);
  found->second.duration->Observe(seconds);
}

void Metrics::answered(int http_status) {
  std::lock_guard lock(rows_mutex_);
  auto found = answers_.find(http_status);
  if (found == answers_.end()) {
    const LabelSet labels{{"code", std::to_string(http_status)}};
    found = answers_.emplace(http_status, CounterSeries(families_.http_requests, labels)).first;
  }
  found->second->Increment();
}

void Metrics::connection_dropped(const std::string& reason) {
  std::lock_guard lock(rows_mutex_);
  const auto found = connection_drops_.find(reason);
  if (found != connection_drops_.end()) found->second->Increment();
}

std::string Metrics::text(const Pull& pull) const {
  Families all = registry_.Collect();
  append(all, camera_families(pull.cameras));
  append(all, model_families(pull.models));
  append(all, alarm_families(pull.alarms, alarms_.known()));
  append(all, daemon_families(pull.figures, process_use()));
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, in_order(std::move(all)));
  return std::move(out).str();
}

}  // namespace lynceus::daemon

#include "daemon/metrics/alarm_series.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/metrics/families.h"
#include "plugins/sdk/severity_name.h"

namespace lynceus::daemon {
namespace {

constexpr std::size_t kMostSeries = 300;  // a camera
constexpr std::array kSeverities{sdk::Severity::info, sdk::Severity::warning, sdk::Severity::critical};
constexpr std::array kResults{"delivered", "retry", "failed"};

auto& counters(prometheus::Registry& registry, const char* name) {
  return prometheus::BuildCounter().Name(name).Help(family(name).help).Register(registry);
}
auto& histograms(prometheus::Registry& registry, const char* name) {
  return prometheus::BuildHistogram().Name(name).Help(family(name).help).Register(registry);
}

}  // namespace

AlarmSeries::AlarmSeries(prometheus::Registry& registry)
    : alarms_(counters(registry, "lynceus_alarms_total")),
      deliveries_(counters(registry, "lynceus_deliveries_total")),
      to_alarm_(histograms(registry, "lynceus_capture_to_alarm_seconds"), LabelSet{}, duration_buckets()) {}

void AlarmSeries::add(const std::string& camera, const std::vector<std::string>& kinds) {
  std::lock_guard lock(mutex_);
  raised_.try_emplace(camera);
  for (const std::string& kind : kinds) {
    for (const sdk::Severity severity : kSeverities) counter(camera, {kind, name(severity)});
  }
}

void AlarmSeries::remove(const std::string& camera) {
  std::lock_guard lock(mutex_);
  raised_.erase(camera);
}

/// Null for a camera that is not there (any more), or one with too many kinds.
CounterSeries* AlarmSeries::counter(const std::string& camera, const Kind& kind) {
  const auto found = raised_.find(camera);
  if (found == raised_.end()) return nullptr;
  Counters& own = found->second;
  const auto series = own.find(kind);
  if (series != own.end()) return &series->second;
  const LabelSet labels{{"camera", camera}, {"kind", label_value(kind.first)}, {"severity", kind.second}};
  if (own.size() >= kMostSeries || alarms_.Has(labels)) return nullptr;
  return &own.emplace(kind, CounterSeries(alarms_, labels)).first->second;
}

void AlarmSeries::on_changes(std::span<const AlarmChange> changes, MonoTime now) {
  std::lock_guard lock(mutex_);
  for (const AlarmChange& change : changes) {
    if (change.type != AlarmChange::Type::raised) continue;
    const Alarm& alarm = change.alarm;
    if (CounterSeries* series = counter(alarm.camera, {alarm.kind, name(alarm.severity)})) (*series)->Increment();
    if (change.captured != MonoTime{}) to_alarm_->Observe(std::chrono::duration<double>(now - change.captured).count());
  }
}

std::set<std::pair<std::string, std::string>> AlarmSeries::known() const {
  std::set<Kind> all;
  std::lock_guard lock(mutex_);
  for (const auto& [camera, own] : raised_) {
    for (const auto& [kind, series] : own) all.insert(kind);
  }
  return all;
}

void AlarmSeries::sinks(const std::vector<std::string>& names) {
  std::lock_guard lock(mutex_);
  std::erase_if(results_,
                [&](const auto& row) { return std::find(names.begin(), names.end(), row.first.first) == names.end(); });
  for (const std::string& sink : names) {
    for (const char* result : kResults) {
      const LabelSet labels{{"sink", label_value(sink)}, {"result", result}};
      if (!deliveries_.Has(labels)) results_.emplace(std::pair(sink, result), CounterSeries(deliveries_, labels));
    }
  }
}

void AlarmSeries::delivered(const std::string& sink, const std::string& result) {
  std::lock_guard lock(mutex_);
  const auto found = results_.find({sink, result});
  if (found != results_.end()) found->second->Increment();
}

}  // namespace lynceus::daemon

#include "daemon/metrics/camera_series.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "daemon/metrics/families.h"

namespace lynceus::daemon {
namespace {

constexpr std::size_t kMostSeries = 200;
constexpr std::array<const char*, 4> kRoomClasses{"floor", "structure", "furniture", "props"};
constexpr std::array<const char*, 3> kPipeFaults{"insulation_damaged", "insulation_missing", "over_temperature"};

std::string key_of(const std::string& name, const std::vector<sdk::Label>& labels) {
  std::string key = name;
  for (const auto& label : labels) {
    key += '\x1f';
    key += label.name;
    key += '\x1e';
    key += label.value;
  }
  return key;
}

/// The plugin's own labels onto ours; false when a name is wrong or taken.
bool add_labels(LabelSet& set, const std::vector<sdk::Label>& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const sdk::Label& label) {
    return good_label_name(label.name) && set.emplace(label.name, label_value(label.value)).second;
  });
}

const KnownMeasurement* known(std::string_view plugin, std::string_view name) {
  for (const KnownMeasurement& row : known_measurements()) {
    if (plugin == row.plugin && name == row.name) return &row;
  }
  return nullptr;
}

std::string value_of(const std::vector<sdk::Label>& labels, std::string_view name) {
  const auto found = std::find_if(labels.begin(), labels.end(), [&](const auto& l) { return l.name == name; });
  return found == labels.end() ? std::string{} : found->value;
}

}  // namespace

CameraSeries::CameraSeries(PushedFamilies& families, const camera::CameraSettings& settings,
                           const std::vector<const sdk::PluginInfo*>& infos)
    : families_(families), camera_(settings.id) {
  gate_ = HistogramSeries(families_.stage, {{"camera", camera_}, {"stage", "gate"}}, duration_buckets());
  encode_ = HistogramSeries(families_.stage, {{"camera", camera_}, {"stage", "encode"}}, duration_buckets());
  gate_cpu_ = CounterSeries(families_.cpu, LabelSet{{"camera", camera_}, {"stage", "gate"}});
  encode_cpu_ = CounterSeries(families_.cpu, LabelSet{{"camera", camera_}, {"stage", "encode"}});
  for (const char* state : {"day", "night", "adapting"}) {
    lights_.emplace_back(families_.light, LabelSet{{"camera", camera_}, {"state", state}});
  }
  for (const auto& analyzer : settings.analyzers) make_known(analyzer.plugin, analyzer);
  for (const sdk::PluginInfo* info : infos) {
    PluginSeries& series = of(info->name);
    for (const std::string& kind : info->kinds) {
      set_conditions(series, info->name, {sdk::Condition{kind, {}, false, {}, {}, {}, {}, {}, {}}});
      events_.try_emplace(kind, families_.events, LabelSet{{"camera", camera_}, {"kind", label_value(kind)}});
    }
  }
}

void CameraSeries::make_known(const std::string& plugin, const camera::AnalyzerSettings& settings) {
  PluginSeries& series = of(plugin);
  const auto zero = [&](const char* name, std::vector<sdk::Label> labels) {
    set_measurement(series, plugin, sdk::Measurement{name, 0, {}, std::move(labels)});
  };
  if (plugin == "people") {
    zero("people", {{"zone", ""}});
    for (const sdk::Zone& zone : settings.zones) zero("people", {{"zone", zone.name}});
    zero("distancing_violations", {});
  }
  if (plugin == "targets") zero("targets", {});
  if (plugin == "scene" && settings.options.has("classes") && settings.options.integer("classes") == 4) {
    for (const char* of : kRoomClasses) zero("scene_fraction", {{"class", of}});
  }
  if (plugin == "pipes") {
    for (const char* fault : kPipeFaults) zero("pipe_fault", {{"fault", fault}});
  }
}

CameraSeries::PluginSeries& CameraSeries::of(const std::string& plugin) {
  const auto found = plugins_.find(plugin);
  if (found != plugins_.end()) return found->second;
  PluginSeries& series = plugins_[plugin];
  series.duration = HistogramSeries(families_.stage, {{"camera", camera_}, {"stage", plugin}}, duration_buckets());
  series.cpu = CounterSeries(families_.cpu, {{"camera", camera_}, {"stage", plugin}});
  series.dropped = CounterSeries(families_.series_dropped, {{"camera", camera_}, {"plugin", plugin}});
  return series;
}

void CameraSeries::on_report(const camera::FrameReport& report) {
  set_light(report.light);
  gate_->Observe(report.gate_seconds);
  gate_cpu_->Increment(report.gate_cpu_seconds);
  for (const auto& said : report.analyzers) {
    PluginSeries& series = of(said.plugin);
    series.duration->Observe(said.seconds);
    series.cpu->Increment(said.cpu_seconds);
    if (!said.observations) continue;
    const sdk::Observations& observations = *said.observations;
    set_conditions(series, said.plugin, observations.conditions);
    for (const auto& measurement : observations.measurements) set_measurement(series, said.plugin, measurement);
    for (const auto& counter : observations.counters) add_counter(series, said.plugin, counter);
    for (const auto& event : observations.events) count_event(series, event.kind);
  }
}

void CameraSeries::encoded(double seconds, double cpu_seconds) {
  encode_->Observe(seconds);
  encode_cpu_->Increment(cpu_seconds);
}

void CameraSeries::set_light(sdk::Light light) {
  const auto now = static_cast<std::size_t>(light);
  for (std::size_t i = 0; i < lights_.size(); ++i) lights_[i]->Set(i == now ? 1 : 0);
}

/// An analyzer reports all its conditions at every call: a kind it no longer names is inactive.
void CameraSeries::set_conditions(PluginSeries& series, const std::string& plugin,
                                  const std::vector<sdk::Condition>& conditions) {
  std::set<std::string_view> active;
  for (const auto& condition : conditions) {
    if (condition.active) active.insert(condition.kind);
    if (series.conditions.contains(condition.kind)) continue;
    const LabelSet labels{{"camera", camera_}, {"plugin", plugin}, {"kind", label_value(condition.kind)}};
    if (series.made >= kMostSeries || families_.condition.Has(labels)) {
      series.dropped->Increment();
      continue;
    }
    ++series.made;
    series.conditions.emplace(condition.kind, GaugeSeries(families_.condition, labels));
  }
  for (auto& [kind, gauge] : series.conditions) gauge->Set(active.contains(kind) ? 1 : 0);
}

GaugeSeries CameraSeries::make_gauge(const std::string& plugin, const sdk::Measurement& measurement) {
  if (const KnownMeasurement* row = known(plugin, measurement.name)) {
    LabelSet labels{{"camera", camera_}};
    if (row->label != nullptr) labels[row->label] = label_value(value_of(measurement.labels, row->label));
    auto& family = *families_.known.at(row->name);
    return family.Has(labels) ? GaugeSeries{} : GaugeSeries(family, labels);
  }
  LabelSet labels{{"camera", camera_},
                  {"plugin", plugin},
                  {"name", label_value(measurement.name)},
                  {"unit", label_value(measurement.unit)}};
  if (!add_labels(labels, measurement.labels)) return {};
  if (families_.measurement.Has(labels)) return {};  // two names became one by cutting
  return GaugeSeries(families_.measurement, labels);
}

void CameraSeries::set_measurement(PluginSeries& series, const std::string& plugin,
                                   const sdk::Measurement& measurement) {
  if (!std::isfinite(measurement.value)) return;
  const std::string key = key_of(measurement.name, measurement.labels);
  auto found = series.measurements.find(key);
  if (found == series.measurements.end()) {
    GaugeSeries made = series.made < kMostSeries ? make_gauge(plugin, measurement) : GaugeSeries{};
    if (!made) return series.dropped->Increment();
    ++series.made;
    found = series.measurements.emplace(key, std::move(made)).first;
  }
  found->second->Set(measurement.value);
}

void CameraSeries::add_counter(PluginSeries& series, const std::string& plugin, const sdk::Counter& counter) {
  if (!std::isfinite(counter.add) || counter.add < 0) return;
  const std::string key = key_of(counter.name, counter.labels);
  auto found = series.counters.find(key);
  if (found == series.counters.end()) {
    LabelSet labels{{"camera", camera_}, {"plugin", plugin}, {"name", label_value(counter.name)}};
    const bool can = series.made < kMostSeries && add_labels(labels, counter.labels) && !families_.counter.Has(labels);
    if (!can) return series.dropped->Increment();
    ++series.made;
    found = series.counters.emplace(key, CounterSeries(families_.counter, labels)).first;
  }
  found->second->Increment(counter.add);
}

void CameraSeries::count_event(PluginSeries& series, const std::string& kind) {
  auto found = events_.find(kind);
  if (found == events_.end()) {
    const LabelSet labels{{"camera", camera_}, {"kind", label_value(kind)}};
    if (series.made >= kMostSeries || families_.events.Has(labels)) return series.dropped->Increment();
    ++series.made;
    found = events_.emplace(kind, CounterSeries(families_.events, labels)).first;
  }
  found->second->Increment();
}

}  // namespace lynceus::daemon

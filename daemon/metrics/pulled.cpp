#include "daemon/metrics/pulled.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "daemon/metrics/families.h"
#include "daemon/metrics/series.h"
#include "plugins/sdk/severity_name.h"

namespace lynceus::daemon {
namespace {

using ingest::TransportState;
using Labels = std::initializer_list<std::pair<const char*, std::string_view>>;

constexpr std::array kStates{TransportState::connecting,   TransportState::streaming,   TransportState::stalled,
                             TransportState::unauthorized, TransportState::unsupported, TransportState::offline};

/// A family under construction.
class Rows {
 public:
  explicit Rows(const char* name) {
    const FamilySpec& spec = family(name);
    family_.name = spec.name;
    family_.help = spec.help;
    family_.type = spec.type;
  }

  void add(Labels labels, double value) {
    prometheus::ClientMetric row;
    for (const auto& [label, text] : labels) row.label.push_back({label, label_value(text)});
    if (family_.type == prometheus::MetricType::Counter) {
      row.counter.value = value;
    } else {
      row.gauge.value = value;
    }
    family_.metric.push_back(std::move(row));
  }

  prometheus::MetricFamily take() { return std::move(family_); }

 private:
  prometheus::MetricFamily family_;
};

double number(std::uint64_t value) { return static_cast<double>(value); }

/// One value a camera.
template <class Value>
prometheus::MetricFamily per_camera(const char* name, const std::vector<CameraStatus>& cameras, Value value) {
  Rows rows(name);
  for (const CameraStatus& camera : cameras) rows.add({{"camera", camera.id}}, value(camera));
  return rows.take();
}

prometheus::MetricFamily states(const std::vector<CameraStatus>& cameras) {
  Rows rows("lynceus_camera_state");
  for (const CameraStatus& camera : cameras) {
    for (const TransportState state : kStates) {
      rows.add({{"camera", camera.id}, {"state", name(state)}}, camera.source.state == state ? 1 : 0);
    }
  }
  return rows.take();
}

prometheus::MetricFamily drops(const std::vector<CameraStatus>& cameras) {
  Rows rows("lynceus_camera_frames_dropped_total");
  for (const CameraStatus& camera : cameras) {
    rows.add({{"camera", camera.id}, {"reason", "mailbox"}}, number(camera.worker.dropped_mailbox));
    rows.add({{"camera", camera.id}, {"reason", "load"}}, number(camera.worker.dropped_load));
    rows.add({{"camera", camera.id}, {"reason", "schedule"}},
             number(camera.counts.thinned + camera.worker.dropped_schedule));
    rows.add({{"camera", camera.id}, {"reason", "decode_error"}}, number(camera.counts.decode_errors));
  }
  return rows.take();
}

prometheus::MetricFamily reconnects(const std::vector<CameraStatus>& cameras) {
  Rows rows("lynceus_camera_reconnects_total");
  for (const CameraStatus& camera : cameras) {
    for (int i = 0; i < ingest::kReconnectReasons; ++i) {
      rows.add({{"camera", camera.id}, {"reason", name(static_cast<ingest::Reconnect>(i))}},
               number(camera.counts.reconnects[static_cast<std::size_t>(i)]));
    }
  }
  return rows.take();
}

prometheus::MetricFamily decoders(const std::vector<CameraStatus>& cameras) {
  Rows rows("lynceus_camera_decoder_info");
  for (const CameraStatus& camera : cameras) {
    if (!camera.source.decoder.empty()) rows.add({{"camera", camera.id}, {"decoder", camera.source.decoder}}, 1);
  }
  return rows.take();
}

/// Decoding is done by GStreamer's threads; the other stages are pushed.
prometheus::MetricFamily decode_cpu(const std::vector<CameraStatus>& cameras) {
  Rows rows("lynceus_camera_cpu_seconds_total");
  for (const CameraStatus& camera : cameras) {
    rows.add({{"camera", camera.id}, {"stage", "decode"}}, camera.counts.decode_cpu_seconds);
  }
  return rows.take();
}

prometheus::MetricFamily analyzers_running(const std::vector<CameraStatus>& cameras) {
  Rows rows("lynceus_analyzer_running");
  for (const CameraStatus& camera : cameras) {
    for (const auto& analyzer : camera.worker.analyzers) {
      rows.add({{"camera", camera.id}, {"plugin", analyzer.plugin}},
               analyzer.state == host::SlotState::running ? 1 : 0);
    }
  }
  return rows.take();
}

/// What the daemon itself says of an analyzer, beside what the analyzers say.
prometheus::MetricFamily analyzer_conditions(const std::vector<CameraStatus>& cameras) {
  Rows rows("lynceus_condition_active");
  for (const CameraStatus& camera : cameras) {
    for (const std::string& plugin : camera.plugins) {
      const bool stuck = camera.worker.stuck && camera.worker.in_plugin == plugin;
      const bool disabled =
          std::any_of(camera.worker.analyzers.begin(), camera.worker.analyzers.end(),
                      [&](const auto& a) { return a.plugin == plugin && a.state == host::SlotState::disabled; });
      rows.add({{"camera", camera.id}, {"plugin", plugin}, {"kind", "analyzer_stuck"}}, stuck ? 1 : 0);
      rows.add({{"camera", camera.id}, {"plugin", plugin}, {"kind", "analyzer_disabled"}}, disabled ? 1 : 0);
    }
  }
  return rows.take();
}

/// Before the worker has made its analyzers, the configured ones are there at 0.
prometheus::MetricFamily plugin_errors(const std::vector<CameraStatus>& cameras) {
  Rows rows("lynceus_plugin_errors_total");
  for (const CameraStatus& camera : cameras) {
    std::set<std::string_view> told;
    for (const auto& analyzer : camera.worker.analyzers) {
      if (!told.insert(analyzer.plugin).second) continue;
      rows.add({{"camera", camera.id}, {"plugin", analyzer.plugin}}, number(analyzer.errors));
    }
    for (const std::string& plugin : camera.plugins) {
      if (told.insert(plugin).second) rows.add({{"camera", camera.id}, {"plugin", plugin}}, 0);
    }
  }
  return rows.take();
}

prometheus::MetricFamily one(const char* name, double value) {
  Rows rows(name);
  rows.add({}, value);
  return rows.take();
}

}  // namespace

std::vector<prometheus::MetricFamily> camera_families(const std::vector<CameraStatus>& cameras) {
  using C = CameraStatus;
  return {
      per_camera("lynceus_camera_up", cameras,
                 [](const C& c) { return c.source.state == TransportState::streaming ? 1.0 : 0.0; }),
      states(cameras),
      per_camera("lynceus_camera_frames_received_total", cameras,
                 [](const C& c) { return number(c.counts.frames_received); }),
      per_camera("lynceus_camera_frames_analyzed_total", cameras,
                 [](const C& c) { return number(c.worker.frames_analyzed); }),
      drops(cameras),
      reconnects(cameras),
      decoders(cameras),
      per_camera("lynceus_camera_decoder_fallback", cameras,
                 [](const C& c) { return c.source.decoder_trouble.empty() ? 0.0 : 1.0; }),
      per_camera("lynceus_camera_last_frame_timestamp_seconds", cameras,
                 [](const C& c) { return static_cast<double>(c.counts.last_frame_wall_ms) / 1000; }),
      per_camera("lynceus_camera_bytes_total", cameras, [](const C& c) { return number(c.counts.bytes); }),
      decode_cpu(cameras),
      per_camera("lynceus_camera_worker_stuck", cameras, [](const C& c) { return c.worker.stuck ? 1.0 : 0.0; }),
      analyzers_running(cameras),
      analyzer_conditions(cameras),
      plugin_errors(cameras),
  };
}

std::vector<prometheus::MetricFamily> model_families(const std::vector<infer::ModelStats>& models) {
  Rows info("lynceus_inference_backend_info");
  Rows errors("lynceus_inference_errors_total");
  Rows trials("lynceus_inference_backend_duration_seconds");
  Rows fallback("lynceus_inference_fallback");
  std::set<std::tuple<std::string, std::string>> told;
  std::set<std::string> counted;
  for (const infer::ModelStats& model : models) {
    if (told.emplace(model.model, model.backend).second) {
      info.add({{"model", model.model}, {"engine", model.engine}, {"backend", model.backend}}, 1);
    }
    if (!counted.insert(model.model).second) continue;
    errors.add({{"model", model.model}}, number(model.errors));
    fallback.add({{"model", model.model}}, model.fallback ? 1 : 0);
    for (const infer::TrialRow& row : model.trials) {
      if (row.seconds <= 0) continue;
      trials.add({{"model", model.model},
                  {"engine", row.engine},
                  {"backend", row.backend},
                  {"batch", std::to_string(row.batch)}},
                 row.seconds);
    }
  }
  return {info.take(), errors.take(), trials.take(), fallback.take()};
}

std::vector<prometheus::MetricFamily> alarm_families(const AlarmFigures& figures,
                                                     const std::set<std::pair<std::string, std::string>>& known) {
  std::map<std::pair<std::string, std::string>, double> active;
  for (const auto& key : known) active.emplace(key, 0);
  for (const Alarm& alarm : figures.raised) ++active[{alarm.kind, name(alarm.severity)}];
  Rows alarms("lynceus_alarms_active");
  for (const auto& [of, count] : active) alarms.add({{"kind", of.first}, {"severity", of.second}}, count);
  Rows pending("lynceus_deliveries_pending"), oldest("lynceus_delivery_oldest_pending_seconds");
  for (const AlarmFigures::Sink& sink : figures.sinks) {
    pending.add({{"sink", sink.name}}, static_cast<double>(sink.pending));
    oldest.add({{"sink", sink.name}}, sink.oldest_seconds);
  }
  return {alarms.take(), pending.take(), oldest.take()};
}

std::vector<prometheus::MetricFamily> daemon_families(const DaemonFigures& figures, const ProcessUse& process) {
  Rows build("lynceus_build_info");
  build.add({{"version", LYNCEUS_VERSION}}, 1);
  Rows storage("lynceus_storage_bytes");
  storage.add({{"kind", "db"}}, number(figures.database_bytes));
  storage.add({{"kind", "snapshots"}}, number(figures.snapshot_bytes));
  storage.add({{"kind", "clips"}}, number(figures.clip_bytes));
  return {
      build.take(),
      one("lynceus_plugins_refused", figures.plugins_refused),
      one("lynceus_config_last_reload_successful", figures.last_reload_successful ? 1 : 0),
      one("lynceus_config_last_reload_success_timestamp_seconds", figures.last_reload_success_seconds),
      storage.take(),
      one("lynceus_store_errors_total", number(figures.store_errors)),
      one("lynceus_http_connections", figures.http_connections),
      one("process_cpu_seconds_total", process.cpu_seconds),
      one("process_resident_memory_bytes", process.resident_bytes),
      one("process_virtual_memory_bytes", process.virtual_bytes),
      one("process_start_time_seconds", process.start_time_seconds),
      one("process_open_fds", process.open_fds),
      one("process_max_fds", process.max_fds),
      one("process_threads", process.threads),
      one("lynceus_heap_in_use_bytes", process.heap_in_use_bytes),
  };
}

}  // namespace lynceus::daemon

#include "daemon/app/camera_unit.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace lynceus::daemon {
namespace {

using ingest::TransportState;

std::vector<std::string> plugins_of(const camera::CameraSettings& settings) {
  std::vector<std::string> names;
  for (const auto& analyzer : settings.analyzers) names.push_back(analyzer.plugin);
  return names;
}

std::vector<std::string> views_of(const camera::CameraSettings& settings, const host::PluginHost* plugins) {
  std::vector<std::string> views{"raw", "overlay"};
  for (const auto& analyzer : settings.analyzers) {
    const sdk::Plugin* plugin = plugins != nullptr ? plugins->find(analyzer.plugin) : nullptr;
    if (plugin == nullptr) continue;
    for (const std::string& view : plugin->info().views) {
      if (std::find(views.begin(), views.end(), view) == views.end()) views.push_back(view);
    }
  }
  return views;
}

SourceCounts counts_of(const ingest::SourceCounters& live) {
  SourceCounts counts;
  counts.frames_received = live.frames_received;
  counts.bytes = live.bytes;
  counts.decode_errors = live.decode_errors;
  counts.thinned = live.thinned;
  counts.last_frame_wall_ms = live.last_frame_wall_ms;
  counts.decode_cpu_seconds = static_cast<double>(live.decode_cpu_us) / 1e6;
  for (std::size_t i = 0; i < counts.reconnects.size(); ++i) counts.reconnects[i] = live.reconnects[i];
  return counts;
}

}  // namespace

CameraUnit::CameraUnit(camera::CameraSettings settings, const CameraSurroundings& around)
    : settings_(std::move(settings)),
      clock_(*around.context.clock),
      states_(around.states),
      plugins_(plugins_of(settings_)),
      views_(views_of(settings_, around.context.plugins)),
      made_(clock_.wall()),
      sampled_(clock_.now()) {
  if (!settings_.enabled) return;
  worker_ = std::make_unique<camera::CameraWorker>(settings_, around.context, *around.demand, *around.reports);
  if (around.evidence != nullptr) evidence_ = around.evidence->camera(settings_);
  source_ = ingest::make_source(settings_.id, settings_.source, clock_, *worker_, this,
                                evidence_ ? evidence_->sink() : nullptr);
}

CameraUnit::~CameraUnit() = default;

void CameraUnit::start() {
  if (worker_) worker_->start();
  if (evidence_) evidence_->start();
  if (source_) source_->start();
}

bool CameraUnit::stop(std::chrono::milliseconds within) {
  if (source_) source_->stop();
  return !worker_ || worker_->stop(within);
}

/// After a stall the same stream went on; anything else is a new connection.
void CameraUnit::on_state(const std::string& camera, TransportState state, const std::string& reason) {
  const TransportState before = last_state_.exchange(state);
  if (state == TransportState::streaming && before != TransportState::stalled) worker_->on_discontinuity();
  if (states_ != nullptr) states_->on_state(camera, state, reason);
}

bool CameraUnit::take_reference(const std::string& plugin) {
  if (!source_ || source_->status().state != TransportState::streaming) return false;
  worker_->take_reference(plugin);
  return true;
}

void CameraUnit::network_changed() {
  if (source_) source_->network_changed();
}

CameraStatus CameraUnit::status() const {
  CameraStatus status;
  status.id = settings_.id;
  status.name = settings_.name;
  status.kind = settings_.kind;
  status.enabled = settings_.enabled;
  status.url = ingest::redacted(settings_.source.detect);
  status.plugins = plugins_;
  status.views = views_;
  if (!source_) {
    status.source.state = TransportState::offline;
    status.source.state_since = made_;
    status.source.reason = "disabled";
    return status;
  }
  status.source = source_->status();
  status.counts = counts_of(source_->counters());
  status.fps_received = fps_received_;
  status.worker = worker_->stats();
  return status;
}

void CameraUnit::sample() {
  if (!source_) return;
  sample_rate();
  const camera::WorkerStats stats = worker_->stats();
  if (stats.stuck == stuck_.exchange(stats.stuck)) return;
  if (stats.stuck) {
    log::error("camera", "analyzer_stuck", {{"camera", settings_.id}, {"plugin", stats.in_plugin}});
  } else {
    log::info("camera", "analyzer goes on", {{"camera", settings_.id}});
  }
}

/// Weighted over some seconds, so that a slow camera does not flicker between 0 and 1.
void CameraUnit::sample_rate() {
  const MonoTime now = clock_.now();
  const double seconds = std::chrono::duration<double>(now - sampled_).count();
  if (seconds < 0.5) return;
  const std::uint64_t frames = source_->counters().frames_received;
  const double rate = static_cast<double>(frames - sampled_frames_) / seconds;
  const double before = fps_received_;
  fps_received_ = before <= 0 || rate <= 0 ? rate : before + 0.4 * (rate - before);
  sampled_ = now;
  sampled_frames_ = frames;
}

}  // namespace lynceus::daemon

#include "daemon/app/camera_unit.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "daemon/app/settings_equal.h"

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

}  // namespace

CameraUnit::Analysis::Analysis(std::shared_ptr<CameraStream> stream_in, const camera::CameraSettings& settings,
                               const CameraSurroundings& around)
    : stream(std::move(stream_in)), worker(settings, around.context, *around.demand, *around.reports) {}

CameraUnit::Analysis::~Analysis() { stream->leave(worker); }

CameraUnit::CameraUnit(camera::CameraSettings settings, const CameraSurroundings& around, const CameraUnit* before)
    : settings_(std::move(settings)),
      plugins_(plugins_of(settings_)),
      views_(views_of(settings_, around.context.plugins)),
      made_(around.context.clock->wall()),
      new_stream_(before == nullptr || !daemon::same_stream(settings_, before->settings_)),
      new_analysis_(new_stream_ || !daemon::same_analysis(settings_, before->settings_)) {
  if (!settings_.enabled) return;
  stream_ = new_stream_ ? std::make_shared<CameraStream>(settings_, around) : before->stream_;
  analysis_ = new_analysis_ ? std::make_shared<Analysis>(stream_, settings_, around) : before->analysis_;
}

void CameraUnit::start() {
  if (!stream_) return;
  if (new_analysis_) {
    analysis_->worker.start();
    stream_->feed(analysis_->worker);
  }
  if (new_stream_) stream_->start();
}

bool CameraUnit::stop(std::chrono::milliseconds within, const CameraUnit* next) {
  if (!stream_) return true;
  if (next == nullptr || next->stream_ != stream_) stream_->stop();
  if (next != nullptr && next->analysis_ == analysis_) return true;
  stream_->leave(analysis_->worker);
  return analysis_->worker.stop(within);
}

bool CameraUnit::take_reference(const std::string& plugin) {
  if (!stream_ || stream_->status().state != TransportState::streaming) return false;
  analysis_->worker.take_reference(plugin);
  return true;
}

void CameraUnit::network_changed() {
  if (stream_) stream_->network_changed();
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
  if (!stream_) {
    status.source.state = TransportState::offline;
    status.source.state_since = made_;
    status.source.reason = "disabled";
    return status;
  }
  status.source = stream_->status();
  status.counts = stream_->counts();
  status.fps_received = stream_->fps_received();
  status.worker = analysis_->worker.stats();
  return status;
}

void CameraUnit::sample() {
  if (!stream_) return;
  stream_->sample();
  const camera::WorkerStats stats = analysis_->worker.stats();
  if (stats.stuck == stuck_.exchange(stats.stuck)) return;
  if (stats.stuck) {
    log::error("camera", "analyzer_stuck", {{"camera", settings_.id}, {"plugin", stats.in_plugin}});
  } else {
    log::info("camera", "analyzer goes on", {{"camera", settings_.id}});
  }
}

}  // namespace lynceus::daemon

#include "daemon/app/upkeep.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace lynceus::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto kStorePatience = 30s;  // one transaction; longer means a dead disk

}  // namespace

void Upkeep::each_second() {
  parts_.fleet->sample();
  const auto cameras = parts_.fleet->cameras();
  parts_.own->look(cameras, parts_.models->stats());
  parts_.events->look(cameras);
  service_.status(summary());
}

void Upkeep::feed_watchdog() const {
  if (alive()) service_.watchdog();
}

/// Asked on an io thread, so io is alive when this is asked at all.
bool Upkeep::alive() const {
  return parts_.state->alive(kStorePatience) && parts_.desk->alive(kStorePatience) &&
         !parts_.fleet->every_worker_stuck();
}

std::string Upkeep::unready() const {
  if (!http_up_) return "the server is not up yet";
  if (!parts_.desk->alive(5s)) return "the alarm database does not answer";
  return parts_.state->alive(5s) ? std::string{} : "the state database does not answer";
}

std::string Upkeep::summary() const {
  const auto cameras = parts_.fleet->cameras();
  const auto streaming = std::count_if(cameras.begin(), cameras.end(), [](const CameraStatus& camera) {
    return camera.source.state == ingest::TransportState::streaming;
  });
  return std::to_string(streaming) + " of " + std::to_string(cameras.size()) + " cameras streaming";
}

std::string Upkeep::metrics() const {
  DaemonFigures figures;
  figures.last_reload_successful = parts_.reload->last_successful();
  figures.last_reload_success_seconds = parts_.reload->last_success_s();
  figures.database_bytes = parts_.state->bytes() + parts_.desk->bytes();
  figures.snapshot_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, parts_.evidence->snapshot_bytes()));
  figures.clip_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, parts_.evidence->clip_bytes()));
  figures.store_errors = parts_.state->errors();
  figures.http_connections = parts_.server->connections();
  figures.plugins_refused = static_cast<int>(plugins_.refused().size());
  return parts_.metrics->text({parts_.fleet->cameras(), parts_.models->stats(), figures, alarms()});
}

AlarmFigures Upkeep::alarms() const {
  AlarmFigures figures;
  figures.raised = parts_.desk->raised();
  for (const Notifier::Status& sink : parts_.notifier->sinks()) {
    const Outbox::Backlog backlog = parts_.desk->outbox().backlog(sink.sink);
    const auto age = backlog.oldest ? clock_.wall() - *backlog.oldest : WallTime::duration{};
    figures.sinks.push_back({sink.sink, backlog.pending, std::max(0.0, std::chrono::duration<double>(age).count())});
  }
  return figures;
}

}  // namespace lynceus::daemon

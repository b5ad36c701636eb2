#include "daemon/app/camera_stream.h"

#include <chrono>
#include <cstddef>
#include <utility>

namespace lynceus::daemon {

using ingest::TransportState;

CameraStream::CameraStream(const camera::CameraSettings& settings, const CameraSurroundings& around)
    : clock_(*around.context.clock), states_(around.states), sampled_(clock_.now()) {
  if (around.evidence != nullptr) evidence_ = around.evidence->camera(settings);
  source_ =
      ingest::make_source(settings.id, settings.source, clock_, *this, this, evidence_ ? evidence_->sink() : nullptr);
}

CameraStream::~CameraStream() { stop(); }

void CameraStream::start() {
  if (evidence_) evidence_->start();
  source_->start();
}

void CameraStream::stop() { source_->stop(); }

void CameraStream::feed(camera::CameraWorker& worker) {
  std::lock_guard lock(mutex_);
  worker_ = &worker;
}

void CameraStream::leave(const camera::CameraWorker& worker) {
  std::lock_guard lock(mutex_);
  if (worker_ == &worker) worker_ = nullptr;
}

/// The worker only puts it into its mailbox.
void CameraStream::on_frame(sdk::FramePtr frame) {
  std::lock_guard lock(mutex_);
  if (worker_ != nullptr) worker_->on_frame(std::move(frame));
}

/// After a stall the same stream went on; anything else is a new connection.
void CameraStream::on_state(const std::string& camera, TransportState state, const std::string& reason) {
  const TransportState before = last_state_.exchange(state);
  if (state == TransportState::streaming && before != TransportState::stalled) {
    std::lock_guard lock(mutex_);
    if (worker_ != nullptr) worker_->on_discontinuity();
  }
  if (states_ != nullptr) states_->on_state(camera, state, reason);
}

SourceCounts CameraStream::counts() const {
  const ingest::SourceCounters& live = source_->counters();
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

/// Weighted over some seconds, so that a slow camera does not flicker between 0 and 1.
void CameraStream::sample() {
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

// One camera's video over changes of what is done with it: its source, its ring for evidence, and whoever takes the
// frames just now.
//
// A reload that changes zones or analyzers puts another worker behind the same stream; the connection does not notice.
// Owner: the CameraUnits of one camera, in turn. Thread: start, stop and sample the owner; the rest any.
//
//   CameraStream stream(settings, around);
//   stream.feed(worker);   stream.start();   …   stream.leave(worker);   stream.feed(next);
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "daemon/app/camera_surroundings.h"
#include "daemon/live/camera_status.h"
#include "pipeline/camera/camera_worker.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::daemon {

class CameraStream final : public ingest::FrameSink, public ingest::StateSink {
 public:
  /// Throws Error (Exit::bad_config) for a URL of no known kind.
  CameraStream(const camera::CameraSettings& settings, const CameraSurroundings& around);
  ~CameraStream() override;

  void start();  ///< once
  void stop();

  /// From now on frames are for this worker, which must leave() before it ends.
  void feed(camera::CameraWorker& worker);
  /// Nothing where frames are for another one already.
  void leave(const camera::CameraWorker& worker);

  void on_frame(sdk::FramePtr frame) override;
  void on_state(const std::string& camera, ingest::TransportState state, const std::string& reason) override;

  void network_changed() { source_->network_changed(); }
  ingest::SourceStatus status() const { return source_->status(); }
  SourceCounts counts() const;
  double fps_received() const { return fps_received_.load(); }
  void sample();  ///< once a second

 private:
  Clock& clock_;
  ingest::StateSink* const states_;

  std::mutex mutex_;
  camera::CameraWorker* worker_ = nullptr;  // guarded by mutex_; null: frames are for nobody

  std::atomic<ingest::TransportState> last_state_{ingest::TransportState::connecting};
  std::atomic<double> fps_received_{0};
  MonoTime sampled_{};
  std::uint64_t sampled_frames_ = 0;

  std::unique_ptr<CameraEvidence> evidence_;
  std::unique_ptr<ingest::CameraSource> source_;  // last: it feeds all the others
};

}  // namespace lynceus::daemon

// One camera of the daemon: the source that fetches its frames and the worker that looks at them.
//
// A disabled camera has neither and says so. Owner: Fleet. Thread: start, stop and sample the owner; status any.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "daemon/evidence/evidence.h"
#include "daemon/live/camera_status.h"
#include "pipeline/camera/camera_worker.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::daemon {

/// What every camera stands on; outlives all of them, left-behind workers included.
struct CameraSurroundings {
  camera::ChainContext context;
  const camera::Demand* demand = nullptr;
  camera::ReportSink* reports = nullptr;
  ingest::StateSink* states = nullptr;  ///< null: nobody
  Evidence* evidence = nullptr;         ///< null: none is kept
};

class CameraUnit final : public ingest::StateSink {
 public:
  /// Throws Error (Exit::bad_config) for a URL of no known kind.
  CameraUnit(camera::CameraSettings settings, const CameraSurroundings& around);
  ~CameraUnit() override;

  void start();
  /// False when the worker hangs in a plugin and is left behind.
  bool stop(std::chrono::milliseconds within);
  void on_state(const std::string& camera, ingest::TransportState state, const std::string& reason) override;

  /// A camera that waits for its next attempt tries at once. Thread: any.
  void network_changed();

  /// False when no frame comes that could be one. Thread: any.
  bool take_reference(const std::string& plugin);

  CameraStatus status() const;
  const camera::CameraSettings& settings() const { return settings_; }

  /// Once a second: frame rate, and a log line when the worker gets stuck or comes back.
  void sample();
  bool stuck() const { return stuck_.load(); }

 private:
  void sample_rate();

  const camera::CameraSettings settings_;
  Clock& clock_;
  ingest::StateSink* const states_;
  std::vector<std::string> plugins_, views_;
  const WallTime made_;
  std::unique_ptr<camera::CameraWorker> worker_;  // before the source, which feeds it
  std::unique_ptr<CameraEvidence> evidence_;      // likewise
  std::unique_ptr<ingest::CameraSource> source_;
  std::atomic<ingest::TransportState> last_state_{ingest::TransportState::connecting};
  std::atomic<bool> stuck_{false};
  std::atomic<double> fps_received_{0};
  MonoTime sampled_{};
  std::uint64_t sampled_frames_ = 0;
};

}  // namespace lynceus::daemon

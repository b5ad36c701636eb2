// One camera of the daemon as it is configured: the stream that brings its frames and the worker that looks at them.
//
// Where the configuration changes, another unit takes its place, with the stream and the worker of the one before as
// far as they may stay. A disabled camera has neither and says so. Owner: Fleet. Thread: start, stop and sample the
// owner; the rest any.
//
//   auto next = std::make_shared<CameraUnit>(settings, around, before.get());   // throws; `before` goes on
//   before->stop(1s, next.get());   next->start();
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "daemon/app/camera_stream.h"
#include "daemon/app/camera_surroundings.h"
#include "daemon/live/camera_status.h"
#include "pipeline/camera/camera_worker.h"

namespace lynceus::daemon {

class CameraUnit {
 public:
  /// Throws Error (Exit::bad_config) for a URL of no known kind. `before`: of the same camera; null: none.
  CameraUnit(camera::CameraSettings settings, const CameraSurroundings& around, const CameraUnit* before = nullptr);

  void start();
  /// Ends what the unit that comes (null: none) does not go on with. False when the worker hangs in a plugin and is
  /// left behind.
  bool stop(std::chrono::milliseconds within, const CameraUnit* next = nullptr);

  /// A camera that waits for its next attempt tries at once.
  void network_changed();

  /// False when no frame comes that could be one.
  bool take_reference(const std::string& plugin);

  CameraStatus status() const;
  const camera::CameraSettings& settings() const { return settings_; }
  /// What it shares with the unit before or behind it.
  bool same_stream(const CameraUnit& other) const { return stream_ != nullptr && stream_ == other.stream_; }
  bool same_analysis(const CameraUnit& other) const { return analysis_ != nullptr && analysis_ == other.analysis_; }

  /// Once a second: frame rate, and a log line when the worker gets stuck or comes back.
  void sample();
  bool stuck() const { return stuck_.load(); }

 private:
  /// A worker that no stream feeds any more when it ends.
  struct Analysis {
    Analysis(std::shared_ptr<CameraStream> stream, const camera::CameraSettings& settings,
             const CameraSurroundings& around);
    ~Analysis();
    const std::shared_ptr<CameraStream> stream;
    camera::CameraWorker worker;
  };

  const camera::CameraSettings settings_;
  std::vector<std::string> plugins_, views_;
  const WallTime made_;
  std::shared_ptr<CameraStream> stream_;  // null: disabled
  std::shared_ptr<Analysis> analysis_;    // likewise
  const bool new_stream_, new_analysis_;
  std::atomic<bool> stuck_{false};
};

}  // namespace lynceus::daemon

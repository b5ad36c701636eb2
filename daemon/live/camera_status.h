// What the daemon knows of one camera at one moment, as plain data: the API and the metrics read it, nothing else is
// needed to test them. Thread: a value.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/camera/camera_settings.h"
#include "pipeline/camera/camera_worker.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::daemon {

/// SourceCounters as they stood.
struct SourceCounts {
  std::uint64_t frames_received = 0, bytes = 0, decode_errors = 0, thinned = 0;
  std::int64_t last_frame_wall_ms = 0;
  double decode_cpu_seconds = 0;
  std::array<std::uint64_t, ingest::kReconnectReasons> reconnects{};
};

struct CameraStatus {
  std::string id, name;
  camera::Kind kind = camera::Kind::visible;
  bool enabled = true;
  std::string url;  ///< redacted
  ingest::SourceStatus source;
  SourceCounts counts;
  double fps_received = 0;
  camera::WorkerStats worker;
  std::vector<std::string> plugins;  ///< configured, in the camera's order
  std::vector<std::string> views;    ///< raw, overlay, then those of the plugins
};

/// Who can tell. Implemented by app/, faked in tests. Thread: any.
class CameraDirectory {
 public:
  virtual ~CameraDirectory() = default;
  virtual std::vector<CameraStatus> cameras() const = 0;  ///< in the configuration's order
  virtual std::optional<CameraStatus> camera(const std::string& id) const = 0;
};

}  // namespace lynceus::daemon

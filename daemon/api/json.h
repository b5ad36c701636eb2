// The daemon's nouns as JSON, shaped as docs/ref/http.md says. Whatever bytes a camera or plugin gave, the text is
// valid UTF-8 and holds no NaN. Thread: pure functions.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/live/camera_status.h"
#include "daemon/live/live_board.h"
#include "daemon/live/measurement_log.h"

namespace lynceus::daemon::http {

/// `live` may be null: no frame yet.
std::string camera_json(const CameraStatus& camera, const SnapshotPtr& live);
std::string cameras_json(const std::vector<CameraStatus>& cameras, const LiveBoard& board);
/// What is told of a camera that a reload took away.
std::string removed_camera_json(const std::string& id);
std::string observations_json(const std::string& camera, const SnapshotPtr& live);

std::string measurements_json(const std::string& camera, std::chrono::seconds step,
                              const std::vector<MeasurementLog::Series>& series);

struct VersionFacts {
  std::vector<std::pair<std::string, std::string>> plugins;  ///< name, version
  std::vector<std::pair<std::string, std::string>> refused;  ///< file's name, why
};
std::string version_json(const VersionFacts& facts);

}  // namespace lynceus::daemon::http

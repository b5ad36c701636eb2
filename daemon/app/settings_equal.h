// What of a camera may go on over a reload: what it is configured with is the same. Thread: pure.
#pragma once

#include "config/config.h"
#include "pipeline/camera/camera_settings.h"

namespace lynceus::daemon {

/// The connection and what is kept of its pictures.
bool same_stream(const camera::CameraSettings& a, const camera::CameraSettings& b);
/// The gate and the analyzers with all they know: zones, lines, options, ground.
bool same_analysis(const camera::CameraSettings& a, const camera::CameraSettings& b);
/// All of it.
bool equal(const camera::CameraSettings& a, const camera::CameraSettings& b);
/// All but what a reload changes (cameras, alarms, notify).
bool equal_but_reloadable(const config::Config& a, const config::Config& b);

}  // namespace lynceus::daemon

// Whether a camera may keep its stream over a reload: everything it is configured with is the same. Thread: pure.
#pragma once

#include "config/config.h"
#include "pipeline/camera/camera_settings.h"

namespace lynceus::daemon {

bool equal(const camera::CameraSettings& a, const camera::CameraSettings& b);
/// All but what a reload changes (cameras, alarms, notify).
bool equal_but_reloadable(const config::Config& a, const config::Config& b);

}  // namespace lynceus::daemon

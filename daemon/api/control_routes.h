// Routes that change the daemon itself: settings of cameras, switching, references, reload, test messages.
// Thread: as Api.
#pragma once

#include "daemon/api/control.h"
#include "daemon/api/router.h"
#include "daemon/live/camera_status.h"

namespace lynceus::daemon::http {

/// `control` null: those routes answer 503.
void add_control_routes(Router& router, const CameraDirectory& cameras, Control* control);

}  // namespace lynceus::daemon::http

// An alarm's picture: the newest frame with what the plugins drew, behind the camera's veil.
// Thread: any; a pure function.
#pragma once

#include <cstddef>
#include <vector>

#include "daemon/live/live_board.h"
#include "daemon/live/veil.h"

namespace lynceus::daemon {

/// JPEG. Throws what encoding throws.
std::vector<std::byte> snapshot_of(const CameraSnapshot& live, const Veil& veil);

}  // namespace lynceus::daemon

// A camera's calibration file: JSON {width, height, K 3×3, dist [k1,k2,p1,p2,k3], R 3×3 or rvec, t_m}; world metres to
// camera, ground z = 0. Thread: reentrant.
#pragma once

#include <string>

#include "plugins/sdk/options.h"

namespace lynceus::config {

/// Throws std::runtime_error with the reason.
sdk::Ground::Calibration read_calibration(const std::string& file);

}  // namespace lynceus::config

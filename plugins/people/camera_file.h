// Calibration files, read into what the sdk calls a Ground. Thread: reentrant.
//
// JSON: {width, height, K 3×3, dist [k1,k2,p1,p2,k3], R 3×3 or rvec, t_m}, world metres to camera, floor at z = 0.
// WILDTRACK's OpenCV XML: camera_matrix and distortion_coefficients in one file, rvec and tvec (centimetres) in
// another; its pictures are 1920×1080.
#pragma once

#include <string>

#include "plugins/sdk/options.h"

namespace lynceus::people {

/// `extrinsic` is the text of the second file, empty for JSON. Throws std::invalid_argument with the reason.
sdk::Ground::Calibration read_camera(const std::string& calibration, const std::string& extrinsic);

}  // namespace lynceus::people

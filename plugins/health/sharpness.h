// How sharp a picture is, whatever it shows: the energy of grey-level differences over 2 pixels against that over 8.
//
// A sharp picture has 0.15 to 0.6; a picture that is nothing but blur approaches (2/8)² = 0.0625, whatever its contrast.
// The share of sensor noise is estimated from neighbouring pixels and taken out, or noise would pass for detail.
// Thread: any (no shared state).
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <span>

#include "plugins/health/grid.h"

namespace lynceus::health {

/// The value of pure blur.
inline constexpr double kPureBlur = 0.0625;

/// Nothing where there is too little structure to tell.
std::optional<double> measure_sharpness(const cv::Mat& luma, std::span<const Run> runs);

}  // namespace lynceus::health

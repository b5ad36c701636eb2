// How the grey levels of a picture are spread: from the gate's shrunk picture, so for next to nothing.
// Thread: any (no shared state).
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::health {

struct Levels {
  double brightness = 0;                             ///< mean, 0..255
  double entropy = 0;                                ///< of the grey levels, bits (0..8)
  int p1 = 0, p5 = 0, median = 0, p95 = 0, p99 = 0;  ///< percentiles
  bool any = false;                                  ///< false when everything is ignored
};

/// Pixels where `ignored` is not 0 do not count.
Levels measure_levels(const cv::Mat& shrunk, const cv::Mat& ignored);

}  // namespace lynceus::health

// The seed's experiments on a detector, on any pictures: how many people it finds as confidence, suppression of
// doubles, noise and rotation change, and how fast it is at 1080p beside the seed's 10 frames/s. Thread: reentrant.
#pragma once

#include <string>
#include <vector>

#include "tools/evaluate/evaluator.h"

namespace lynceus::tools {

constexpr double kSeedFps = 10;  ///< 1920×1080 on an i7-7700K with a GTX 1080

/// {pictures, detector, confidence: [{value, people}], nms: […], noise: […], rotation: […], fps_1080p, seed_fps};
/// people of all pictures. Throws Error (Exit::unreadable).
Json people_experiments(EvaluateRun& run, const std::vector<std::string>& pictures);

}  // namespace lynceus::tools

// OpenCV's histogram-of-gradients detector: needs no model file. Slow, and people must be upright and well seen.
#pragma once

#include <memory>

#include "plugins/people/detect/detector.h"

namespace lynceus::people {

std::unique_ptr<Detector> make_hog(const DetectorOptions& options);

}  // namespace lynceus::people

// A network behind the Detector seam: picture onto its input, inference, boxes back in the picture's pixels.
//
// Loading answers a picture of grey once, so that a file of another family is refused when the configuration is read
// and not in the middle of the night. Thread: bound to the camera's worker.
#pragma once

#include <memory>

#include "plugins/people/detect/detector.h"
#include "plugins/people/detect/families.h"

namespace lynceus::people {

/// Throws std::runtime_error: file missing, not loadable, of another family, or of another input size than asked for.
std::unique_ptr<Detector> make_network(const Family& family, const DetectorOptions& options, sdk::Inference& inference);

}  // namespace lynceus::people

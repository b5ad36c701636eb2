#include "plugins/people/detect/detector.h"

#include <stdexcept>

#include "plugins/people/detect/hog.h"

namespace lynceus::people {

std::unique_ptr<Detector> make_detector(const DetectorOptions& options, sdk::Inference&) {
  if (options.detector == "hog") return make_hog(options);
  throw std::runtime_error("detector '" + options.detector + "' is not known");
}

}  // namespace lynceus::people

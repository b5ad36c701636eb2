#include "plugins/people/detect/detector.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "plugins/people/detect/families.h"
#include "plugins/people/detect/hog.h"
#include "plugins/people/detect/network.h"
#include "plugins/people/detect/tiled_detector.h"

namespace lynceus::people {
namespace {

/// The project's own where its file is there, else the one that needs none.
std::unique_ptr<Detector> make_default(const DetectorOptions& options, sdk::Inference& inference) {
  try {
    return make_network(*family_of("own"), options, inference);
  } catch (const std::runtime_error& error) {
    if (!options.model.empty()) throw;
    if (options.tell)
      options.tell(std::string("detector hog instead of own, slower and finding fewer: ") + error.what());
    return make_hog(options);
  }
}

std::unique_ptr<Detector> make_one(const DetectorOptions& options, sdk::Inference& inference) {
  if (options.detector.empty()) return make_default(options, inference);
  if (options.detector == "hog") return make_hog(options);
  if (const Family* family = family_of(options.detector)) return make_network(*family, options, inference);
  throw std::runtime_error("detector '" + options.detector + "' is not known");
}

}  // namespace

std::vector<Detection> Detector::detect_page(const sdk::PictureRef& picture, const CropPlan& plan) {
  return detect(page_of(picture.bgr(), plan));
}

std::unique_ptr<Detector> make_detector(const DetectorOptions& options, sdk::Inference& inference) {
  auto detector = make_one(options, inference);
  if (!options.tiles) return detector;
  return std::make_unique<TiledDetector>(std::move(detector), options.nms);
}

}  // namespace lynceus::people

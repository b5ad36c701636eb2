#include "plugins/people/detect/gated_detector.h"

#include <utility>

namespace lynceus::people {

GatedDetector::GatedDetector(std::unique_ptr<Detector> detector, GateSettings settings)
    : detector_(std::move(detector)), settings_(settings) {}

std::vector<Detection> GatedDetector::detect(const sdk::Input& input, std::span<const cv::Rect2d>) {
  return detector_->detect(input.frame.bgr());
}

}  // namespace lynceus::people

#include "plugins/targets/siamese.h"

#include <stdexcept>

#include "plugins/targets/siamese_comparison.h"

namespace lynceus::targets {
namespace {

constexpr double kFirstShare = 0.5;  // of the first looks in a renewed template

}  // namespace

SiameseNetwork::SiameseNetwork(sdk::Inference& inference, const std::string& backbone, const std::string& head)
    : inference_(inference), backbone_(inference.load({backbone, ""})), head_(inference.load({head, ""})) {
  const cv::Mat seen =
      features(cv::Mat({1, 2, kCropSide, kCropSide}, CV_32F, cv::Scalar(0)));  // wrong files are refused now
  const cv::Mat judged = anchors(compared(middle_of(seen), seen));
  if (judged.size[1] != 6 * kAnchorShapes) throw std::runtime_error(head + ": answers other anchors");
}

cv::Mat SiameseNetwork::run(sdk::Inference::Model model, const cv::Mat& input, const char* what, int side) {
  const auto outputs = inference_.infer(model, {input});
  const bool right = outputs.size() == 1 && outputs[0].dims == 4 && outputs[0].type() == CV_32F &&
                     outputs[0].size[2] == side && outputs[0].size[3] == side;
  if (!right) throw std::runtime_error(std::string("the targets' ") + what + " answers in another shape");
  return outputs[0];
}

cv::Mat SiameseNetwork::features(const cv::Mat& crop) { return run(backbone_, crop, "backbone", kFeatureSide); }
cv::Mat SiameseNetwork::anchors(const cv::Mat& comparison) { return run(head_, comparison, "head", kGridSide); }

SiameseTemplate::SiameseTemplate(SiameseNetwork& network, const SiameseView& view, const cv::Rect2d& box)
    : network_(&network),
      scales_(view, box),
      first_(middle_of(network.features(siamese_crop(view, box, scales_)))),
      kernel_(first_) {}

Proposal SiameseTemplate::find(const SiameseView& view, const cv::Rect2d& around) const {
  const cv::Mat seen = network_->features(siamese_crop(view, around, scales_));
  return best_proposal(network_->anchors(compared(kernel_, seen)), around);
}

void SiameseTemplate::renew(const SiameseView& view, const cv::Rect2d& box, double share) {
  const cv::Mat now = middle_of(network_->features(siamese_crop(view, box, scales_)));
  cv::Mat mixed;
  cv::addWeighted(kernel_, 1 - share, kFirstShare * first_ + (1 - kFirstShare) * now, share, 0, mixed);
  kernel_ = mixed;
}

}  // namespace lynceus::targets

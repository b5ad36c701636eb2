#include "plugins/targets/siamese_anchors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "plugins/targets/siamese_comparison.h"
#include "plugins/targets/siamese_crop.h"

namespace lynceus::targets {
namespace {

constexpr std::array<double, kAnchorShapes> kRatios{0.33, 0.5, 1, 2, 3};  // height to width
constexpr double kAnchorSide = 64, kStride = 8;
constexpr double kPenalty = 0.16, kWindow = 0.40;
constexpr double kFurthestCode = 4;  // of outputs that mean nothing

double hanning(int place) { return 0.5 - 0.5 * std::cos(2 * std::numbers::pi * place / (kGridSide - 1)); }

double change(double ratio) { return std::max(ratio, 1 / ratio); }

/// Outputs of the network, one plane of 17×17 after the other.
class Maps {
 public:
  explicit Maps(const cv::Mat& anchors) : first_(anchors.ptr<float>()) {}
  double operator()(int map, int cell) const { return double(first_[map * kGridSide * kGridSide + cell]); }
  double probability(int shape, int cell) const {
    return 1 / (1 + std::exp((*this)(shape, cell) - (*this)(kAnchorShapes + shape, cell)));
  }
  AnchorCode code(int shape, int cell) const {
    const auto value = [&](int which) {
      return std::clamp((*this)((2 + which) * kAnchorShapes + shape, cell), -kFurthestCode, kFurthestCode);
    };
    return {value(0), value(1), value(2), value(3)};
  }

 private:
  const float* first_;
};

}  // namespace

Anchor anchor_at(int shape, int row, int column, cv::Size2d target) {
  const double root = std::sqrt(kRatios[std::size_t(shape)]), side = context_side(target);
  const double scale = side / crop_side(target);
  return {kStride * (column - kGridSide / 2), kStride * (row - kGridSide / 2), kAnchorSide / root * scale,
          kAnchorSide * root * scale};
}

AnchorCode encode(const Anchor& anchor, const Anchor& box) {
  return {(box.x - anchor.x) / anchor.width, (box.y - anchor.y) / anchor.height, std::log(box.width / anchor.width),
          std::log(box.height / anchor.height)};
}

Anchor decode(const Anchor& anchor, const AnchorCode& code) {
  return {anchor.x + code.x * anchor.width, anchor.y + code.y * anchor.height, anchor.width * std::exp(code.width),
          anchor.height * std::exp(code.height)};
}

Proposal best_proposal(const cv::Mat& anchors, const cv::Rect2d& around) {
  CV_Assert(anchors.dims == 4 && anchors.type() == CV_32F && anchors.size[1] == 6 * kAnchorShapes &&
            anchors.size[2] == kGridSide && anchors.size[3] == kGridSide);
  const Maps maps(anchors);
  const cv::Point2d centre(around.x + around.width / 2, around.y + around.height / 2);
  const double unit = crop_side(around.size()) / kTemplateSide, side = context_side(around.size());
  Proposal best;
  double highest = -1;
  for (int shape = 0; shape < kAnchorShapes; ++shape) {
    for (int cell = 0; cell < kGridSide * kGridSide; ++cell) {
      const int row = cell / kGridSide, column = cell % kGridSide;
      const double probability = maps.probability(shape, cell), window = hanning(row) * hanning(column);
      if (!((1 - kWindow) * probability + kWindow * window > highest)) continue;  // the penalty only lowers it
      const Anchor found = decode(anchor_at(shape, row, column, around.size()), maps.code(shape, cell));
      const cv::Size2d size(found.width * unit, found.height * unit);
      const double shape_change = change(size.width / size.height * around.height / around.width);
      const double penalty = std::exp(-kPenalty * (shape_change * change(context_side(size) / side) - 1));
      const double score = (1 - kWindow) * probability * penalty + kWindow * window;
      if (!(score > highest)) continue;  // NaN too
      highest = score;
      const cv::Point2d at = centre + cv::Point2d(found.x, found.y) * unit;
      best = {
          probability, {at.x - size.width / 2, at.y - size.height / 2, size.width, size.height}, probability * penalty};
    }
  }
  return best;
}

}  // namespace lynceus::targets

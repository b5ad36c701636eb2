#include "plugins/targets/siamese_crop.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::targets {
namespace {

constexpr double kLeastSide_px = 12;
constexpr float kLeastContrast = 8, kLeastResidual = 1;
constexpr float kGreatest = 2;  // of the picture's contrast to the mean

struct Samples {
  cv::Mat picture, residual;  // CV_8UC1
  float mean = 0;             // of the picture's
};

Samples samples_of(const SiameseView& view, const cv::Rect2d& around) {
  const double step = 2 * crop_side(around.size()) / kTemplateSide, half = (kCropSide - 1) / 2.0;
  const cv::Point2d centre(around.x + around.width / 2, around.y + around.height / 2);
  const cv::Matx23d map(step, 0, centre.x - 0.5 - step * half, 0, step, centre.y - 0.5 - step * half);
  const cv::Size size(kCropSide, kCropSide);
  Samples out;
  const auto take = [&](const cv::Mat& from, cv::Mat& to, const cv::Scalar& outside) {
    cv::warpAffine(from, to, map, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, outside);
  };
  take(view.picture8, out.picture, cv::mean(view.picture8));
  take(view.residual8, out.residual, {});
  out.mean = float(cv::mean(out.picture)[0]);
  return out;
}

/// Half an extent of the box in samples.
int reach_of(double extent, double side) {
  return std::clamp(int(std::ceil(extent * kTemplateSide / side / 4)), 1, kCropSide / 2);
}

}  // namespace

double context_side(cv::Size2d target) {
  const double q = (target.width + target.height) / 2;
  return std::sqrt((target.width + q) * (target.height + q));
}

double crop_side(cv::Size2d target) { return std::max(context_side(target), kLeastSide_px); }

SiameseScales::SiameseScales(const SiameseView& view, const cv::Rect2d& box) {
  const Samples samples = samples_of(view, box);
  const double side = crop_side(box.size());
  const int x = reach_of(box.width, side), y = reach_of(box.height, side), middle = kCropSide / 2;
  const cv::Rect inside(middle - x, middle - y, 2 * x + 1, 2 * y + 1);
  double low = 0, high = 0, peak = 0;
  cv::minMaxLoc(samples.picture(inside), &low, &high);
  cv::minMaxLoc(samples.residual(inside), nullptr, &peak);
  picture = std::max({kLeastContrast, float(high) - samples.mean, samples.mean - float(low)});
  residual = std::max(kLeastResidual, float(peak));
}

cv::Mat siamese_crop(const SiameseView& view, const cv::Rect2d& around, const SiameseScales& scales) {
  const Samples samples = samples_of(view, around);
  std::array<float, 256> picture{}, residual{};
  for (int level = 0; level < 256; ++level) {
    picture[std::size_t(level)] = std::clamp((float(level) - samples.mean) / scales.picture, -kGreatest, kGreatest);
    residual[std::size_t(level)] = std::min(float(level) / scales.residual, 1.0F);
  }
  cv::Mat out({1, 2, kCropSide, kCropSide}, CV_32F);
  cv::Mat planes[] = {cv::Mat(kCropSide, kCropSide, CV_32F, out.ptr<float>(0, 0)),
                      cv::Mat(kCropSide, kCropSide, CV_32F, out.ptr<float>(0, 1))};
  cv::LUT(samples.picture, cv::Mat(1, 256, CV_32F, picture.data()), planes[0]);
  cv::LUT(samples.residual, cv::Mat(1, 256, CV_32F, residual.data()), planes[1]);
  return out;
}

}  // namespace lynceus::targets

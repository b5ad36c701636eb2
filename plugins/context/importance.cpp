#include "plugins/context/importance.h"

#include <array>
#include <opencv2/imgproc.hpp>

#include "plugins/context/fusion_kernels.h"
#include "plugins/context/gradient_fusion.h"

namespace lynceus::context {
namespace {

constexpr double kEdge = 12, kBright = 96, kDifferent = 25, kSmooth_px = 2;

}  // namespace

cv::Mat luminance(const cv::Mat& bgr) { return luma_of(bgr); }

cv::Mat gradient_length(const cv::Mat& plane) {
  cv::Mat dx, dy, length;
  forward_differences(plane, dx, dy);
  cv::magnitude(dx, dy, length);
  return length;
}

cv::Mat bright_or_edged(const cv::Mat& night) {
  const cv::Mat y = luminance(night);
  return (gradient_length(y) > kEdge) | (y > kBright);
}

cv::Mat still_importance(const cv::Mat& night, const cv::Mat& day, ImportanceRule rule) {
  cv::Mat weight;
  if (rule == ImportanceRule::maximum) {
    const cv::Mat greater = gradient_length(luminance(night)) > gradient_length(luminance(day));
    greater.convertTo(weight, CV_32F, 1.0 / 255);
    return weight;
  }
  cv::Mat where;
  cv::dilate(bright_or_edged(night), where, cv::Mat());
  where.convertTo(weight, CV_32F, 1.0 / 255);
  cv::GaussianBlur(weight, weight, {}, kSmooth_px);
  return weight;
}

cv::Mat greatest_difference(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat difference;
  cv::absdiff(a, b, difference);
  difference.convertTo(difference, CV_32F);
  std::array<cv::Mat, 3> planes;
  cv::split(difference, planes.data());
  cv::max(planes[0], planes[1], planes[0]);
  cv::max(planes[0], planes[2], planes[0]);
  return planes[0];
}

cv::Mat difference_mask(const cv::Mat& night, const cv::Mat& reference, MaskRule rule) {
  cv::Mat mask = greatest_difference(night, reference);
  cv::threshold(mask, mask, kDifferent, 1, rule == MaskRule::binary ? cv::THRESH_BINARY : cv::THRESH_TOZERO);
  double greatest = 0;
  cv::minMaxLoc(mask, nullptr, &greatest);
  if (greatest > 0) mask *= 1 / greatest;
  return mask;
}

}  // namespace lynceus::context

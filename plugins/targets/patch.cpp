#include "plugins/targets/patch.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::targets {
namespace {

constexpr double kMargin = 1.4;  // of the box that belongs to the patch
constexpr int kLeastSide = 7, kMostSide = 61;
constexpr double kFirstShare = 0.3;
constexpr double kStep = 1.03;      // between two sizes that are tried
constexpr double kOtherSize = 0.9;  // a change of size must look so much better
constexpr double kLeastScale = 0.3, kMostScale = 3;
constexpr double kSizeInertia = 0.6;
constexpr double kFarther = 0.5;  // of the likeness: of two alike the nearer to where it is expected

int odd(double side) { return std::clamp(int(std::lround(side)) | 1, kLeastSide, kMostSide); }

/// `size` pixels around `centre`, each `scale` pixels of the picture wide.
cv::Mat sampled(const cv::Mat& picture, cv::Point2d centre, cv::Size size, double scale) {
  const cv::Matx23d map(scale, 0, centre.x - 0.5 - scale * (size.width - 1) / 2, 0, scale,
                        centre.y - 0.5 - scale * (size.height - 1) / 2);
  cv::Mat out, wide;
  cv::warpAffine(picture, out, map, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  out.convertTo(wide, CV_32F);
  return wide;
}

cv::Mat normalised(const cv::Mat& patch) {
  cv::Scalar mean, sigma;
  cv::meanStdDev(patch, mean, sigma);
  return (patch - mean[0]) / (sigma[0] + 1e-3);
}

/// Squared distance from the middle, 1 at the reach.
cv::Mat ways_off(int reach) {
  const int side = 2 * reach + 1;
  cv::Mat across(1, side, CV_32F);
  for (int i = 0; i < side; ++i) across.at<float>(i) = float((i - reach) * (i - reach)) / float(reach * reach);
  return cv::repeat(across, side, 1) + cv::repeat(cv::Mat(across.t()), 1, side);
}

/// Where the parabola through three neighbours has its top, −0.5 … 0.5.
double top_between(float before, float at, float after) {
  const double bend = double(before) - 2.0 * at + after;
  return bend < 0 ? std::clamp(0.5 * (double(before) - after) / bend, -0.5, 0.5) : 0.0;
}

cv::Point2d fine_top(const cv::Mat& map, cv::Point top) {
  cv::Point2d out = top;
  if (top.x > 0 && top.x + 1 < map.cols)
    out.x += top_between(map.at<float>(top.y, top.x - 1), map.at<float>(top), map.at<float>(top.y, top.x + 1));
  if (top.y > 0 && top.y + 1 < map.rows)
    out.y += top_between(map.at<float>(top.y - 1, top.x), map.at<float>(top), map.at<float>(top.y + 1, top.x));
  return out;
}

}  // namespace

Patch::Patch(const cv::Mat& picture, const cv::Rect2d& box)
    : first_size_(box.width, box.height), centre_(box.x + box.width / 2, box.y + box.height / 2) {
  const double most = std::max(box.width, box.height) * kMargin;
  const double shrink = std::max(1.0, most / kMostSide);  // of a large target every other pixel is enough
  first_size_ = {box.width / shrink, box.height / shrink};
  scale_ = shrink;
  size_ = {odd(first_size_.width * kMargin), odd(first_size_.height * kMargin)};
  first_ = patch_ = sampled(picture, centre_, size_, scale_);
  wanted_ = normalised(first_);
}

Patch::Match Patch::correlate(const cv::Mat& picture, const cv::Mat& patch, cv::Point2d around, int reach,
                              double scale) const {
  const cv::Mat search = sampled(picture, around, size_ + cv::Size(2 * reach, 2 * reach), scale);
  cv::Mat map;
  cv::matchTemplate(search, patch, map, cv::TM_CCOEFF_NORMED);
  cv::Point top;
  cv::minMaxLoc(map - kFarther * ways_off(reach), nullptr, nullptr, nullptr, &top);
  const double likeness = double(map.at<float>(top));
  if (!std::isfinite(likeness)) return {-1, around, scale};
  const cv::Point2d offset = (fine_top(map, top) - cv::Point2d(reach, reach)) * scale;
  return {std::min(likeness, 1.0), around + offset, scale};
}

Patch::Match Patch::find(const cv::Mat& picture, cv::Point2d around, double reach) const {
  const int steps = std::clamp(int(std::ceil(reach / scale_)), 2, 40);
  Match best = correlate(picture, wanted_, around, steps, scale_);
  for (const double factor : {1 / kStep, kStep}) {  // near the place found at the same size
    const Match other = correlate(picture, wanted_, best.centre, 2, scale_ * factor);
    if (other.likeness * kOtherSize > best.likeness) best = other;
  }
  return best;
}

Patch::Match Patch::find_again(const cv::Mat& picture, cv::Point2d around) const {
  Match best{-1, around, scale_};
  const cv::Mat first = normalised(first_), now = normalised(patch_);
  for (const double factor : {0.7, 1.0, 1.4}) {
    for (const cv::Mat& looks : {now, first}) {
      const Match match = correlate(picture, looks, around, 6, scale_ * factor);
      if (match.likeness > best.likeness) best = match;
    }
  }
  return best;
}

void Patch::accept(const cv::Mat& picture, const Match& match, double learn) {
  centre_ = match.centre;
  scale_ = std::clamp(scale_ * std::pow(match.scale / scale_, kSizeInertia), kLeastScale, std::max(kMostScale, scale_));
  if (learn <= 0) return;
  patch_ = (1 - learn) * patch_ + learn * sampled(picture, centre_, size_, scale_);
  wanted_ = (1 - kFirstShare) * normalised(patch_) + kFirstShare * normalised(first_);
}

void Patch::place(cv::Point2d centre, double scale) {
  centre_ = centre;
  scale_ = scale;
}

cv::Rect2d Patch::box() const {
  const cv::Size2d size(first_size_.width * scale_, first_size_.height * scale_);
  return {centre_.x - size.width / 2, centre_.y - size.height / 2, size.width, size.height};
}

}  // namespace lynceus::targets

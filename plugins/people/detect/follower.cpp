#include "plugins/people/detect/follower.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::people {
namespace {

constexpr double kModelHeight = 24;
constexpr int kReach = 3;  // pixels of the model
constexpr double kAlike = 0.6;
constexpr int kLeastSide = 4;

/// A window of the picture on so many pixels, the border repeated where it reaches beyond; bilinear.
cv::Mat sampled(const cv::Mat& luma, cv::Point2d corner, double scale, cv::Size size) {
  const cv::Matx23d back(1 / scale, 0, corner.x + (0.5 / scale - 0.5), 0, 1 / scale, corner.y + (0.5 / scale - 0.5));
  cv::Mat out;
  cv::warpAffine(luma, out, back, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return out;
}

/// Where a parabola through three values has its top, -0.5 … 0.5 from the middle one.
double top_of(float before, float middle, float after) {
  const double bend = double(before) - 2.0 * middle + after;
  return bend < -1e-9 ? std::clamp(0.5 * (double(before) - after) / bend, -0.5, 0.5) : 0;
}

}  // namespace

Follower::Follower(const cv::Mat& luma, const cv::Rect2d& box) {
  if (luma.empty() || box.height < kLeastSide || box.width < kLeastSide) return;
  scale_ = std::min(1.0, kModelHeight / box.height);
  const cv::Size size(std::max(kLeastSide, int(std::lround(box.width * scale_))),
                      std::max(kLeastSide, int(std::lround(box.height * scale_))));
  model_ = sampled(luma, box.tl(), scale_, size);
}

cv::Rect2d Follower::next(const cv::Mat& luma, const cv::Rect2d& expected) {
  if (model_.empty() || luma.empty()) return expected;
  const double margin = kReach / scale_;
  const cv::Size size(model_.cols + 2 * kReach, model_.rows + 2 * kReach);
  const cv::Mat around = sampled(luma, expected.tl() - cv::Point2d(margin, margin), scale_, size);
  cv::Mat likeness;
  cv::matchTemplate(around, model_, likeness, cv::TM_CCOEFF_NORMED);
  double best = 0;
  cv::Point at;
  cv::minMaxLoc(likeness, nullptr, &best, nullptr, &at);
  if (!(best >= kAlike)) return expected;
  cv::Point2d exact(at);
  if (at.x > 0 && at.x + 1 < likeness.cols) {
    exact.x += top_of(likeness.at<float>(at.y, at.x - 1), likeness.at<float>(at), likeness.at<float>(at.y, at.x + 1));
  }
  if (at.y > 0 && at.y + 1 < likeness.rows) {
    exact.y += top_of(likeness.at<float>(at.y - 1, at.x), likeness.at<float>(at), likeness.at<float>(at.y + 1, at.x));
  }
  return expected + (exact - cv::Point2d(kReach, kReach)) / scale_;
}

}  // namespace lynceus::people

#include "plugins/targets/camera_shift.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::targets {
namespace {

constexpr int kSmallWidth = 160;  // about
constexpr int kBorder = 12;       // small pixels that may come from outside
constexpr int kLeastSide = 4 * kBorder;
constexpr int kSteps = 4, kStepsBlind = 2;
constexpr double kCloseEnough = 0.02;       // small pixels
constexpr int kTryFarEvery = 8;             // frames, where nothing has told so far
constexpr double kSmooth = 1.2, kWide = 8;  // small pixels; what is larger says little and changes with the light
constexpr double kClip = 2;                 // times the mean amount: a target alone must not pass for the background
constexpr double kAlike = 0.5, kAlikePart = 0.3;  // correlation, of all and of a quarter: noise alone stays below
constexpr int kLeastParts = 2;                    // of the four quarters: above a horizon there may be nothing
constexpr double kRenewBeyond = 8;                // small pixels
constexpr double kFade = 0.9;                     // of the way travelled, a frame
constexpr double kMoving_px = 0.4;                // of it: 0.04 pixels a frame

cv::Mat small_of(const cv::Mat& picture, int factor) {
  cv::Mat shrunk, small, wide;
  const cv::Size size(picture.cols / factor, picture.rows / factor);
  cv::resize(picture(cv::Rect({0, 0}, size * factor)), shrunk, size, 0, 0, cv::INTER_AREA);
  shrunk.convertTo(small, CV_32F);
  cv::GaussianBlur(small, small, {}, kSmooth, kSmooth, cv::BORDER_REPLICATE);
  cv::blur(small, wide, {int(2 * kWide) + 1, int(2 * kWide) + 1}, {-1, -1}, cv::BORDER_REPLICATE);
  small -= wide;
  const double most = kClip * cv::norm(small, cv::NORM_L1) / double(small.total());
  return cv::min(cv::max(small, -most), most);
}

double correlation(const cv::Mat& a, const cv::Mat& b) { return a.dot(b) / (std::sqrt(a.dot(a) * b.dot(b)) + 1e-6); }

/// −1 unless enough quarters of the picture agree.
double likeness_of(const cv::Mat& a, const cv::Mat& b) {
  const cv::Size half(a.cols / 2, a.rows / 2);
  int alike = 0;
  for (const cv::Point corner :
       {cv::Point(0, 0), cv::Point(half.width, 0), cv::Point(0, half.height), cv::Point(half.width, half.height)}) {
    const cv::Rect part(corner, half);
    alike += correlation(a(part), b(part)) >= kAlikePart;
  }
  return alike < kLeastParts ? -1 : correlation(a, b);
}

cv::Mat inner(const cv::Mat& small) {
  return small(cv::Rect(kBorder, kBorder, small.cols - 2 * kBorder, small.rows - 2 * kBorder));
}

/// The inner part of a picture moved back; between pixels, and beyond the border as at it.
cv::Mat inner_moved_back(const cv::Mat& small, cv::Point2d by) {
  const cv::Size size(small.cols - 2 * kBorder, small.rows - 2 * kBorder);
  cv::Mat out;
  cv::getRectSubPix(small, size,
                    cv::Point2f(float((small.cols - 1) / 2.0 + by.x), float((small.rows - 1) / 2.0 + by.y)), out);
  return out;
}

}  // namespace

void CameraShift::keep(const cv::Mat& small) {
  kept_ = small;
  since_kept_ = {};
  cv::Sobel(kept_, across_, CV_32F, 1, 0, 3, 1 / 8.0);
  cv::Sobel(kept_, down_, CV_32F, 0, 1, 3, 1 / 8.0);
  across_ = inner(across_).clone(), down_ = inner(down_).clone();
  const double xy = across_.dot(down_);
  solve_ = cv::Matx22d(across_.dot(across_) + 1e-3, xy, xy, down_.dot(down_) + 1e-3).inv();
}

CameraShift::Laid CameraShift::laid_over(const cv::Mat& small, cv::Point2d start) const {
  Laid out{start, -1};
  const cv::Mat kept = inner(kept_);
  cv::Mat laid;
  for (int i = 0; i < (told_ ? kSteps : kStepsBlind); ++i) {
    laid = inner_moved_back(small, out.by);
    const cv::Mat difference = laid - kept;
    const cv::Vec2d step = solve_ * cv::Vec2d(across_.dot(difference), down_.dot(difference));
    out.by -= cv::Point2d(step[0], step[1]);
    if (std::hypot(step[0], step[1]) < kCloseEnough) break;
  }
  out.likeness = likeness_of(kept, laid);
  const bool sane = std::abs(out.by.x) < small.cols && std::abs(out.by.y) < small.rows;
  return sane ? out : Laid{};
}

cv::Point2d CameraShift::update(const cv::Mat& picture) {
  const int factor = std::max(1, cvRound(double(picture.cols) / kSmallWidth));
  if (std::min(picture.cols, picture.rows) / factor < kLeastSide) return {};
  const cv::Mat small = small_of(picture, factor);
  if (kept_.size() != small.size()) {
    forget();
    keep(small);
    return {};
  }
  Laid laid = laid_over(small, since_kept_ + last_);
  if (laid.likeness < kAlike && (told_ || ++blind_ % kTryFarEvery == 0)) {
    if (window_.size() != small.size()) cv::createHanningWindow(window_, small.size(), CV_32F);
    laid = laid_over(small, cv::phaseCorrelate(kept_, small, window_));
  }
  told_ = laid.likeness >= kAlike;
  last_ = told_ ? laid.by - since_kept_ : cv::Point2d();
  const cv::Point2d shift = last_ * factor;
  since_kept_ = laid.by;
  if (!told_ || std::abs(laid.by.x) > kRenewBeyond || std::abs(laid.by.y) > kRenewBeyond) keep(small);
  travelled_ = travelled_ * kFade + shift;
  return shift;
}

bool CameraShift::moves() const { return cv::norm(travelled_) > kMoving_px; }

void CameraShift::forget() {
  kept_.release();
  since_kept_ = last_ = travelled_ = {};
  told_ = false;
}

}  // namespace lynceus::targets

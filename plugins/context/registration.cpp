#include "plugins/context/registration.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::context {
namespace {

constexpr int kWidth = 480;        // edges are compared at this width or less
constexpr double kStrongest = 80;  // edges beyond count as this: a lamp must not outweigh the rest
constexpr double kLeastResponse = 0.1;
constexpr double kClearlyBetter = 0.04, kBeyondDoubt = 0.08;

/// Without their mean, or the window itself would correlate.
cv::Mat edges_of(const cv::Mat& bgr, double& scale) {
  scale = std::max(1.0, double(bgr.cols) / kWidth);
  cv::Mat grey, dx, dy, edges;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  cv::resize(grey, grey, {cvRound(bgr.cols / scale), cvRound(bgr.rows / scale)}, 0, 0, cv::INTER_AREA);
  cv::GaussianBlur(grey, grey, {}, 1);
  grey.convertTo(grey, CV_32F);
  cv::Sobel(grey, dx, CV_32F, 1, 0, 3, 0.25);
  cv::Sobel(grey, dy, CV_32F, 0, 1, 3, 0.25);
  cv::magnitude(dx, dy, edges);
  cv::min(edges, kStrongest, edges);
  return edges - cv::mean(edges)[0];
}

/// Of what both see when the second lies `shift` pixels from the first.
double correlation(const cv::Mat& a, const cv::Mat& b, cv::Point shift) {
  const cv::Rect seen = cv::Rect({0, 0}, a.size()) & cv::Rect(-shift, a.size());
  if (seen.area() < a.size().area() / 4) return 0;
  const cv::Mat p = a(seen), q = b(seen + shift);
  const double power = p.dot(p) * q.dot(q);
  return power > 0 ? std::clamp(p.dot(q) / std::sqrt(power), 0.0, 1.0) : 0;
}

}  // namespace

double Registration::distance_px() const { return std::hypot(shift_px.x, shift_px.y); }

Registration register_pictures(const cv::Mat& known, const cv::Mat& now) {
  double scale = 1;
  const cv::Mat a = edges_of(known, scale), b = edges_of(now, scale);
  Registration out;
  if (a.cols < 16 || a.rows < 16) return out;
  cv::Mat window;
  cv::createHanningWindow(window, a.size(), CV_32F);
  double response = 0;
  const cv::Point2d shift = cv::phaseCorrelate(a, b, window, &response);
  out.unmoved = correlation(a, b, {0, 0});
  if (!std::isfinite(shift.x) || !std::isfinite(shift.y)) return out;
  const cv::Point whole(cvRound(shift.x), cvRound(shift.y));
  out.agreement = correlation(a, b, whole);
  const bool still = whole == cv::Point();
  // A weak peak counts only where it makes the edges agree far better than they do now.
  const double better = response < kLeastResponse ? kBeyondDoubt : kClearlyBetter;
  out.certain = still ? out.agreement > 2 * better : out.agreement > out.unmoved + better;
  // Less than a pixel of the small picture is within the error of a day's edges against a night's.
  if (!still) out.shift_px = shift * scale;
  return out;
}

cv::Mat moved_by(const cv::Mat& picture, cv::Point2d shift_px) {
  const cv::Matx23d move(1, 0, shift_px.x, 0, 1, shift_px.y);
  cv::Mat out;
  cv::warpAffine(picture, out, move, picture.size(), cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  return out;
}

double edge_agreement(const cv::Mat& a, const cv::Mat& b) {
  double scale = 1;
  return correlation(edges_of(a, scale), edges_of(b, scale), {0, 0});
}

}  // namespace lynceus::context

#include "plugins/targets/detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/targets/peaks.h"
#include "plugins/targets/score_model.h"

namespace lynceus::targets {
namespace {

constexpr double kSmooth_px = 0.7;
constexpr int kLeastResidual = 2;
constexpr double kHopeless = -5;  // logit of what is no target: its extent need not be known

/// The values below which 0.1 % and 99.9 % of a 16-bit picture lie.
std::pair<double, double> range_of(const cv::Mat& picture) {
  std::vector<int> histogram(65536);
  int count = 0;
  for (int y = 0; y < picture.rows; y += 2) {
    const auto* row = picture.ptr<std::uint16_t>(y);
    for (int x = 0; x < picture.cols; x += 2, ++count) ++histogram[row[x]];
  }
  const auto level_at = [&](double share) {
    double left = share * count;
    std::size_t level = 0;
    while (level < 65535 && (left -= histogram[level]) > 0) ++level;
    return double(level);
  };
  return {level_at(0.001), level_at(0.999)};
}

/// Pixels are squares: the box of one pixel is one wide.
cv::Rect2d box_of(const cv::Rect& rect) {
  return {double(rect.x), double(rect.y), double(rect.width), double(rect.height)};
}

}  // namespace

Detector::Detector(const DetectorSettings& settings)
    : settings_(settings), lines_(settings.directions, settings.length) {}

const Detected& Detector::filter(const cv::Mat& picture) {
  cv::Mat smooth = picture;
  if (settings_.smooth) {
    cv::GaussianBlur(picture, smooth_, {3, 3}, kSmooth_px, kSmooth_px, cv::BORDER_REPLICATE);
    smooth = smooth_;
  }
  lines_.residual(smooth, seen_.residual);
  seen_.filtered = settings_.opening.area() > 1 ? opened(seen_.residual, settings_.opening) : seen_.residual;
  if (picture.depth() == CV_8U) {
    seen_.unit = 1;
    seen_.picture8 = smooth;
    seen_.residual8 = seen_.filtered;
  } else {
    const auto [low, high] = range_of(picture);
    seen_.unit = std::max(1.0, (high - low) / 255);
    smooth.convertTo(seen_.picture8, CV_8U, 1 / seen_.unit, -low / seen_.unit);
    seen_.filtered.convertTo(seen_.residual8, CV_8U, 1 / seen_.unit);
  }
  seen_.detections.clear();
  return seen_;
}

const Detected& Detector::look(const cv::Mat& picture) {
  filter(picture);
  const PictureFigures whole = picture_figures(seen_.residual8);
  for (const Peak& peak : find_peaks(seen_.residual8, kLeastResidual, settings_.most)) {
    Detection found;
    found.peak = peak.at;
    found.features = features_of(seen_.picture8, seen_.residual8, peak, whole);
    found.logit = target_logit(found.features);
    found.box = found.logit < kHopeless ? cv::Rect2d(peak.at.x, peak.at.y, 1, 1)
                                        : box_of(half_height_box(seen_.picture8, seen_.residual8, peak.at));
    seen_.detections.push_back(found);
  }
  const auto better = [](const Detection& a, const Detection& b) { return a.logit > b.logit; };
  std::stable_sort(seen_.detections.begin(), seen_.detections.end(), better);
  return seen_;
}

}  // namespace lynceus::targets

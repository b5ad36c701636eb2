#include "plugins/scene/likeness.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace lynceus::scene {
namespace {

constexpr int kAround = 9;         // side of the window compared, cells of the grid
constexpr double kPattern = 3;     // grey levels (standard deviation) from which on there is a pattern
constexpr double kAlike = 0.75;    // correlation of patterns
constexpr double kSameColour = 7;  // grey levels, where there is none
constexpr int kClose = 3;
constexpr double kOtherColour = 30;
constexpr int kFits = 4;

cv::Mat smooth(const cv::Mat& picture, int around = kAround) {
  cv::Mat out;
  cv::boxFilter(picture, out, -1, {around, around}, {-1, -1}, true, cv::BORDER_REPLICATE);
  return out;
}

/// before · gain + offset ≈ now, by repeated least squares over what fits so far.
cv::Vec2d light_between(const cv::Mat& before, const cv::Mat& now, const cv::Mat& usable) {
  cv::Vec2d light(1, 0);
  double within = 1e9;
  for (int fit = 0; fit < kFits; ++fit) {
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, error = 0;
    for (int y = 0; y < before.rows; ++y) {
      const float *x = before.ptr<float>(y), *v = now.ptr<float>(y);
      const uchar* use = usable.ptr<uchar>(y);
      for (int i = 0; i < before.cols; ++i) {
        const double off = std::abs(light[0] * double(x[i]) + light[1] - double(v[i]));
        if (!use[i] || off > within) continue;
        n += 1, error += off;
        sx += double(x[i]), sy += double(v[i]);
        sxx += double(x[i]) * double(x[i]), sxy += double(x[i]) * double(v[i]);
      }
    }
    const double spread = n * sxx - sx * sx;
    if (n < 100 || spread < n * n) break;  // nothing to tell light from
    light[0] = std::clamp((n * sxy - sx * sy) / spread, 0.2, 5.0);
    light[1] = (sy - light[0] * sx) / n;
    within = fit == 0 ? 1.5 * error / n + 10 : std::max(4.0, 2 * error / n);
  }
  return light;
}

/// Largest difference of a channel once the light is the same.
cv::Mat colour_difference(const cv::Mat& before, const cv::Mat& now, const cv::Mat& usable, int around) {
  std::vector<cv::Mat> then, since;
  cv::split(smooth(before, around), then);
  cv::split(smooth(now, around), since);
  cv::Mat worst = cv::Mat::zeros(before.size(), CV_32F);
  for (std::size_t c = 0; c < 3; ++c) {
    const cv::Vec2d light = light_between(then[c], since[c], usable);
    const cv::Mat lit = then[c] * light[0] + light[1];
    cv::max(worst, cv::abs(lit - since[c]), worst);
  }
  return worst;
}

}  // namespace

cv::Mat same_as_before(const cv::Mat& before, const cv::Mat& now, const cv::Mat& usable) {
  cv::Mat a, b;
  cv::cvtColor(before, a, cv::COLOR_BGR2GRAY);
  cv::cvtColor(now, b, cv::COLOR_BGR2GRAY);
  const cv::Mat mean_a = smooth(a), mean_b = smooth(b);
  cv::Mat of_a = smooth(a.mul(a)) - mean_a.mul(mean_a), of_b = smooth(b.mul(b)) - mean_b.mul(mean_b);
  of_a = cv::max(of_a, 0);
  of_b = cv::max(of_b, 0);
  const cv::Mat together = smooth(a.mul(b)) - mean_a.mul(mean_b);
  cv::Mat power;
  cv::sqrt(of_a.mul(of_b) + 1, power);
  const cv::Mat alike = together > power * kAlike;
  const cv::Mat pattern = (of_a > kPattern * kPattern) | (of_b > kPattern * kPattern);
  const cv::Mat coloured = colour_difference(before, now, usable, kAround) < kSameColour;
  return (pattern & alike) | (~pattern & coloured);
}

cv::Mat clearly_other(const cv::Mat& before, const cv::Mat& now, const cv::Mat& usable) {
  return colour_difference(before, now, usable, kClose) > kOtherColour;
}

}  // namespace lynceus::scene

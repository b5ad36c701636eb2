#include "plugins/health/levels.h"

#include <array>
#include <cmath>

namespace lynceus::health {
namespace {

using Histogram = std::array<int, 256>;

Histogram histogram_of(const cv::Mat& picture, const cv::Mat& ignored) {
  Histogram histogram{};
  for (int y = 0; y < picture.rows; ++y) {
    const auto* pixels = picture.ptr<uchar>(y);
    const auto* skip = ignored.ptr<uchar>(y);
    for (int x = 0; x < picture.cols; ++x) histogram[pixels[x]] += skip[x] == 0 ? 1 : 0;
  }
  return histogram;
}

int percentile(const Histogram& histogram, double share, int total) {
  const double wanted = share * total;
  int seen = 0;
  for (int level = 0; level < 256; ++level) {
    seen += histogram[static_cast<std::size_t>(level)];
    if (seen > 0 && seen >= wanted) return level;
  }
  return 255;
}

}  // namespace

Levels measure_levels(const cv::Mat& shrunk, const cv::Mat& ignored) {
  const Histogram histogram = histogram_of(shrunk, ignored);
  int total = 0;
  for (const int count : histogram) total += count;
  Levels levels;
  if (total == 0) return levels;
  levels.any = true;
  for (std::size_t level = 0; level < histogram.size(); ++level) {
    if (histogram[level] == 0) continue;
    const double share = static_cast<double>(histogram[level]) / total;
    levels.brightness += share * static_cast<double>(level);
    levels.entropy -= share * std::log2(share);
  }
  levels.p1 = percentile(histogram, 0.01, total);
  levels.p5 = percentile(histogram, 0.05, total);
  levels.median = percentile(histogram, 0.5, total);
  levels.p95 = percentile(histogram, 0.95, total);
  levels.p99 = percentile(histogram, 0.99, total);
  return levels;
}

}  // namespace lynceus::health

#include "plugins/health/sharpness.h"

#include <algorithm>
#include <cstdint>

namespace lynceus::health {
namespace {

constexpr int kStride = 4;              ///< every fourth pixel of a run is a sample
constexpr double kLeastStructure = 10;  ///< grey levels squared over 8 pixels: below it there is nothing to judge

/// Sums of squared differences over 1, 2 and 8 pixels.
struct Sums {
  std::int64_t one = 0, two = 0, eight = 0, samples = 0;
};

void add_run(Sums& sums, const uchar* row, const Run& run) {
  std::int32_t one = 0, two = 0, eight = 0;  // 65025 a sample: good for 33,000 samples
  int samples = 0;
  const int end = std::min(run.end, run.begin + 65'536) - 8;
  for (int x = run.begin; x < end; x += kStride, ++samples) {
    const int d1 = row[x] - row[x + 1], d2 = row[x] - row[x + 2], d8 = row[x] - row[x + 8];
    one += d1 * d1;
    two += d2 * d2;
    eight += d8 * d8;
  }
  sums.one += one;
  sums.two += two;
  sums.eight += eight;
  sums.samples += samples;
}

}  // namespace

std::optional<double> measure_sharpness(const cv::Mat& luma, std::span<const Run> runs) {
  Sums sums;
  for (const Run& run : runs) add_run(sums, luma.ptr<uchar>(run.row), run);
  if (sums.samples == 0) return std::nullopt;
  const auto mean = [&](std::int64_t sum) { return static_cast<double>(sum) / static_cast<double>(sums.samples); };
  const double one = mean(sums.one), two = mean(sums.two), eight = mean(sums.eight);
  // On a smooth picture differences over 2 pixels have four times the energy of those over 1; noise adds alike to both.
  const double noise = std::clamp((4 * one - two) / 3, 0.0, std::min(one, two));
  if (eight - noise < kLeastStructure) return std::nullopt;
  return std::max(kPureBlur, (two - noise) / (eight - noise));
}

}  // namespace lynceus::health

#include "pipeline/camera/exposure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "pipeline/camera/gate_kernels.h"

namespace lynceus::camera {
namespace {

constexpr int kRows = 24, kColumns = 40;  // at most so many samples
constexpr int kDark = 4, kBright = 250;   // clipped beyond
constexpr double kLeastGain = 0.3, kGreatestGain = 3.5;

struct Sample {
  int now, before;
};

/// Median of values 0..255 by counting.
class Median {
 public:
  void add(int value) {
    ++bins_[static_cast<std::size_t>(std::clamp(value, 0, 255))];
    ++count_;
  }
  int value() const {
    int below = 0;
    for (int i = 0; i < 256; ++i) {
      below += bins_[static_cast<std::size_t>(i)];
      if (2 * below >= count_) return i;
    }
    return 255;
  }

 private:
  std::array<int, 256> bins_{};
  int count_ = 0;
};

std::vector<Sample> sample(const cv::Mat& cells, const cv::Mat& mean, const cv::Mat& keep) {
  std::vector<Sample> samples;
  samples.reserve(kRows * kColumns);
  const int step_y = std::max(1, cells.rows / kRows), step_x = std::max(1, cells.cols / kColumns);
  for (int y = step_y / 2; y < cells.rows; y += step_y) {
    const auto* now = cells.ptr<std::uint8_t>(y);
    const auto* before = mean.ptr<std::int16_t>(y);
    const auto* kept = keep.ptr<std::uint8_t>(y);
    for (int x = step_x / 2; x < cells.cols; x += step_x) {
      if (kept[x]) samples.push_back({now[x], (before[x] + kernels::kOne / 2) / kernels::kOne});
    }
  }
  return samples;
}

bool clipped(const Sample& s) { return s.now <= kDark || s.now >= kBright || s.before <= kDark || s.before >= kBright; }

/// A first guess from medians and spreads: hard to mislead, not exact.
Exposure guess(const std::vector<Sample>& samples) {
  Median now, before, spread_now, spread_before;
  for (const Sample& s : samples) {
    now.add(s.now);
    before.add(s.before);
  }
  for (const Sample& s : samples) {
    spread_now.add(std::abs(s.now - now.value()));
    spread_before.add(std::abs(s.before - before.value()));
  }
  Exposure e;
  if (spread_before.value() >= 6) {
    e.gain = std::clamp(double(spread_now.value()) / spread_before.value(), kLeastGain, kGreatestGain);
  }
  e.offset = now.value() - e.gain * before.value();
  return e;
}

int median_misfit(const std::vector<Sample>& samples, const Exposure& e) {
  Median misfit;
  for (const Sample& s : samples) misfit.add(int(std::abs(s.now - e.gain * s.before - e.offset) + 0.5));
  return misfit.value();
}

/// Least squares over the samples the guess explains.
void refine(const std::vector<Sample>& samples, Exposure& e) {
  const double limit = std::max(3.0, 2.5 * median_misfit(samples, e));
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const Sample& s : samples) {
    if (clipped(s) || std::abs(s.now - e.gain * s.before - e.offset) > limit) continue;
    n += 1, sx += s.before, sy += s.now, sxx += double(s.before) * s.before, sxy += double(s.before) * s.now;
  }
  if (n < 16) return;
  const double variance = sxx - sx * sx / n;
  if (variance / n > 16) e.gain = std::clamp((sxy - sx * sy / n) / variance, kLeastGain, kGreatestGain);
  e.offset = (sy - e.gain * sx) / n;
}

}  // namespace

Exposure fit_exposure(const cv::Mat& cells, const cv::Mat& mean, const cv::Mat& keep, double noise) {
  const std::vector<Sample> samples = sample(cells, mean, keep);
  Median distance;
  for (const Sample& s : samples) distance.add(std::abs(s.now - s.before));
  if (samples.size() < 16 || distance.value() <= 1 + noise) return {};
  Exposure e = guess(samples);
  refine(samples, e);
  refine(samples, e);
  if (median_misfit(samples, e) > std::max(3.0, 2 + 2 * noise)) return {};  // another picture, not another exposure
  Median middle;
  for (const Sample& s : samples) middle.add(s.before);
  e.shift = e.gain * middle.value() + e.offset - middle.value();
  e.changed = true;
  return e;
}

}  // namespace lynceus::camera

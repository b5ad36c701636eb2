#include "plugins/context/susan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <vector>

namespace lynceus::context {
namespace {

constexpr int kReach = 2;  // in time
constexpr float kNothing = 1e-6F;
constexpr int kSteps = 16;  // of the table, a grey level

/// exp(-(d / t)²) for d in steps of 1/16 level.
std::vector<float> brightness_table(double t) {
  std::vector<float> table(256 * kSteps + 1);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double d = double(i) / kSteps / t;
    table[i] = float(std::exp(-d * d));
  }
  return table;
}

float median_of_eight(const cv::Mat& frame, int y, int x, int channel) {
  std::array<float, 8> values{};
  std::size_t count = 0;
  for (int j = std::max(0, y - 1); j <= std::min(frame.rows - 1, y + 1); ++j) {
    for (int i = std::max(0, x - 1); i <= std::min(frame.cols - 1, x + 1); ++i) {
      if (j != y || i != x) values[count++] = frame.ptr<float>(j)[3 * i + channel];
    }
  }
  if (count == 0) return frame.ptr<float>(y)[3 * x + channel];
  std::sort(values.begin(), values.begin() + std::ptrdiff_t(count));
  return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

class Filter {
 public:
  Filter(std::span<const cv::Mat> volume, std::size_t middle, const SusanSettings& settings)
      : volume_(volume), middle_(middle), brightness_(brightness_table(settings.t)) {
    for (int r = 0; r < 8; ++r) distance_[std::size_t(r)] = float(std::exp(-r / (2 * settings.sigma * settings.sigma)));
  }

  void row(int y, float* out) const {
    const cv::Mat& centre = volume_[middle_];
    for (int x = 0; x < centre.cols; ++x) {
      for (int channel = 0; channel < 3; ++channel) out[3 * x + channel] = voxel(y, x, channel);
    }
  }

 private:
  float voxel(int y, int x, int channel) const {
    const float own = volume_[middle_].ptr<float>(y)[3 * x + channel];
    float sum = 0, weights = 0;
    for (std::size_t t = 0; t < volume_.size(); ++t) {
      const cv::Mat& frame = volume_[t];
      const int dt = int(t) - int(middle_);
      for (int j = std::max(0, y - 1); j <= std::min(frame.rows - 1, y + 1); ++j) {
        const auto* row = frame.ptr<float>(j);
        for (int i = std::max(0, x - 1); i <= std::min(frame.cols - 1, x + 1); ++i) {
          const int r2 = dt * dt + (j - y) * (j - y) + (i - x) * (i - x);
          if (r2 == 0) continue;
          const float value = row[3 * i + channel];
          const float weight = distance_[std::size_t(r2)] * brightness(value - own);
          sum += weight * value;
          weights += weight;
        }
      }
    }
    return weights < kNothing ? median_of_eight(volume_[middle_], y, x, channel) : sum / weights;
  }

  float brightness(float difference) const {
    const auto step = std::size_t(std::abs(difference) * kSteps + 0.5F);
    return brightness_[std::min(step, brightness_.size() - 1)];
  }

  std::span<const cv::Mat> volume_;
  const std::size_t middle_;
  const std::vector<float> brightness_;
  std::array<float, 8> distance_{};
};

}  // namespace

cv::Mat susan(std::span<const cv::Mat> volume, std::size_t middle, const SusanSettings& settings) {
  cv::Mat out(volume[middle].size(), CV_32FC3);
  const Filter filter(volume, middle, settings);
  cv::parallel_for_({0, out.rows}, [&](const cv::Range& rows) {
    for (int y = rows.start; y < rows.end; ++y) filter.row(y, out.ptr<float>(y));
  });
  return out;
}

std::optional<cv::Mat> SusanStage::push(const cv::Mat& frame) {
  frames_.push_back(frame);
  return next(false);
}

std::optional<cv::Mat> SusanStage::finish() { return next(true); }

std::optional<cv::Mat> SusanStage::next(bool at_end) {
  const bool ready = at_end ? middle_ < frames_.size() : middle_ + kReach < frames_.size();
  if (!ready) return std::nullopt;
  const std::vector<cv::Mat> all(frames_.begin(), frames_.end());
  // Only two of the past and two of the future count.
  const std::size_t begin = middle_ > kReach ? middle_ - kReach : 0, end = std::min(all.size(), middle_ + kReach + 1);
  cv::Mat out = susan(std::span(all).subspan(begin, end - begin), middle_ - begin, settings_);
  if (middle_ == kReach) {
    frames_.pop_front();
  } else {
    ++middle_;
  }
  return out;
}

}  // namespace lynceus::context

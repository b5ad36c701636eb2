#include "plugins/targets/siamese_comparison.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace lynceus::targets {
namespace {

constexpr int kFirst = (kFeatureSide - kKernelSide) / 2, kKernelSize = kKernelSide * kKernelSide;
using Kernel = std::array<float, kKernelSize>;

/// Adds to a plane of 17×17 what a plane of 20×20 gives under the kernel, a row at a time.
void add_correlation(const Kernel& kernel, const float* features, float* out) {
  for (int y = 0; y < kGridSide; ++y) {
    for (int k = 0; k < kKernelSize; ++k) {
      const float weight = kernel[std::size_t(k)];
      const float* from = features + (y + k / kKernelSide) * kFeatureSide + k % kKernelSide;
      for (int x = 0; x < kGridSide; ++x) out[y * kGridSide + x] += weight * from[x];
    }
  }
}

void check(const cv::Mat& tensor, int side) {
  CV_Assert(tensor.dims == 4 && tensor.type() == CV_32F && tensor.isContinuous());
  CV_Assert(tensor.size[0] == 1 && tensor.size[2] == side && tensor.size[3] == side);
}

}  // namespace

cv::Mat middle_of(const cv::Mat& features) {
  check(features, kFeatureSide);
  cv::Mat out({1, features.size[1], kKernelSide, kKernelSide}, CV_32F);
  for (int channel = 0; channel < features.size[1]; ++channel) {
    const float* from = features.ptr<float>(0, channel) + kFirst * kFeatureSide + kFirst;
    float* to = out.ptr<float>(0, channel);
    for (int y = 0; y < kKernelSide; ++y) std::copy_n(from + y * kFeatureSide, kKernelSide, to + y * kKernelSide);
  }
  return out;
}

cv::Mat compared(const cv::Mat& kernel, const cv::Mat& features) {
  check(kernel, kKernelSide);
  check(features, kFeatureSide);
  CV_Assert(kernel.size[1] == features.size[1]);
  const int channels = features.size[1], half = channels / 2;
  cv::Mat out({1, channels + channels - half, kGridSide, kGridSide}, CV_32F, cv::Scalar(0));
  Kernel weights, mean;
  mean.fill(1.0F / kKernelSize);
  for (int channel = 0; channel < channels; ++channel) {
    const float* own = kernel.ptr<float>(0, channel);
    std::transform(own, own + kKernelSize, weights.begin(), [](float weight) { return weight / kKernelSize; });
    add_correlation(weights, features.ptr<float>(0, channel), out.ptr<float>(0, channel));
    if (channel < half) continue;
    float* difference = out.ptr<float>(0, channels + channel - half);
    std::fill_n(difference, kGridSide * kGridSide, -std::accumulate(weights.begin(), weights.end(), 0.0F));
    add_correlation(mean, features.ptr<float>(0, channel), difference);
  }
  return out;
}

}  // namespace lynceus::targets

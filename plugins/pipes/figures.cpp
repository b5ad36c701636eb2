#include "plugins/pipes/figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::pipes {
namespace {

#include "plugins/pipes/figure_weights.inc"

constexpr int kWidth = 12, kHeight = 16;
constexpr std::size_t kInputs = kWidth * kHeight, kHidden = kHiddenBias.size(), kClasses = kOutBias.size();
constexpr std::array<char, kClasses> kLetters{{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'C', 'F', '?'}};

/// The letter 16 pixels high in the middle of the input, stretched to 0..1.
std::array<float, kInputs> normal(const cv::Mat& ink) {
  double low = 0, high = 0;
  cv::minMaxLoc(ink, &low, &high);
  const int width = std::clamp(cvRound(double(ink.cols) * kHeight / ink.rows), 1, kWidth);
  cv::Mat wide, small;
  ink.convertTo(wide, CV_32F, 1 / std::max(high - low, 1.0), -low / std::max(high - low, 1.0));
  cv::resize(wide, small, {width, kHeight}, 0, 0, cv::INTER_AREA);
  std::array<float, kInputs> out{};
  const int left = (kWidth - width) / 2;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < width; ++x) out[static_cast<std::size_t>(y * kWidth + left + x)] = small.at<float>(y, x);
  }
  return out;
}

std::array<float, kHidden> hidden_of(const std::array<float, kInputs>& in) {
  std::array<float, kHidden> out{};
  for (std::size_t i = 0; i < kInputs; ++i) {
    if (in[i] == 0) continue;
    for (std::size_t j = 0; j < kHidden; ++j) out[j] += in[i] * float(kHiddenWeights[i * kHidden + j]);
  }
  for (std::size_t j = 0; j < kHidden; ++j) out[j] = std::max(0.0F, out[j] * kHiddenScale + kHiddenBias[j]);
  return out;
}

}  // namespace

Figure read_figure(const cv::Mat& ink) {
  if (ink.cols < 1 || ink.rows < 4) return {};
  const auto hidden = hidden_of(normal(ink));
  std::array<float, kClasses> score = kOutBias;
  for (std::size_t j = 0; j < kHidden; ++j) {
    for (std::size_t k = 0; k < kClasses; ++k) score[k] += hidden[j] * float(kOutWeights[j * kClasses + k]) * kOutScale;
  }
  const auto best = std::max_element(score.begin(), score.end());
  double sum = 0;
  for (const float s : score) sum += std::exp(double(s - *best));
  return {kLetters[static_cast<std::size_t>(best - score.begin())], 1 / sum};
}

}  // namespace lynceus::pipes

#include "pipeline/scenes/palette.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::scenes {
namespace {

struct Stop {
  double at, red, green, blue;
};

// Chosen so that red never falls and the luminance of every piece rises.
constexpr std::array<Stop, 8> kIron{{{0.00, 0, 0, 10},
                                     {0.12, 34, 0, 105},
                                     {0.28, 120, 4, 158},
                                     {0.45, 193, 42, 118},
                                     {0.62, 236, 100, 22},
                                     {0.80, 254, 168, 8},
                                     {0.92, 255, 224, 80},
                                     {1.00, 255, 255, 246}}};

cv::Vec3b colour_at(double at) {
  std::size_t upper = 1;
  while (upper + 1 < kIron.size() && kIron[upper].at < at) ++upper;
  const Stop& a = kIron[upper - 1];
  const Stop& b = kIron[upper];
  const double part = std::clamp((at - a.at) / (b.at - a.at), 0.0, 1.0);
  const auto mix = [part](double low, double high) { return cv::saturate_cast<uchar>(low + part * (high - low)); };
  return {mix(a.blue, b.blue), mix(a.green, b.green), mix(a.red, b.red)};
}

}  // namespace

cv::Mat iron_palette() {
  cv::Mat palette(1, 256, CV_8UC3);
  for (int i = 0; i < 256; ++i) palette.at<cv::Vec3b>(0, i) = colour_at(i / 255.0);
  return palette;
}

cv::Mat colourise(const cv::Mat& grey, const cv::Mat& palette) {
  cv::Mat three, out;
  cv::cvtColor(grey, three, cv::COLOR_GRAY2BGR);
  cv::LUT(three, palette, out);
  return out;
}

}  // namespace lynceus::scenes

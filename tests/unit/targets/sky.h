// Drawn pictures for the tests of targets: a smooth background, a point as a lens makes it, noise, an edge.
#pragma once

#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>

namespace lynceus::test {

inline cv::Mat smooth_sky(cv::Size size) {
  cv::Mat sky(size, CV_32F);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x)
      sky.at<float>(y, x) = float(70 + 20 * std::sin(x / 90.0) + 15 * std::cos(y / 70.0));
  }
  return sky;
}

/// Brighter by `amplitude` in its middle; σ in pixels.
inline void add_point(cv::Mat& picture, cv::Point2d at, double amplitude, double sigma) {
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      const double dx = x - at.x, dy = y - at.y;
      picture.at<float>(y, x) += float(amplitude * std::exp(-(dx * dx + dy * dy) / (2 * sigma * sigma)));
    }
  }
}

inline cv::Mat with_noise(const cv::Mat& picture, double sigma, std::uint64_t seed) {
  cv::Mat noise(picture.size(), CV_32F), out;
  cv::RNG random(seed);
  random.fill(noise, cv::RNG::NORMAL, 0, sigma);
  out = picture + noise;
  return out;
}

inline cv::Mat to_8bit(const cv::Mat& picture) {
  cv::Mat out;
  picture.convertTo(out, CV_8U);
  return out;
}

}  // namespace lynceus::test

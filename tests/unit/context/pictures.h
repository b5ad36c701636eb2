// Pictures for tests of the context plugin: a place by day and by night, and what moves through it.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace lynceus::test {

/// Boxes of all sizes and colours over a slope, smoothed as a lens does; the same for the same seed.
inline cv::Mat place(cv::Size size, std::uint64_t seed) {
  cv::RNG random(seed);
  cv::Mat picture(size, CV_8UC3);
  for (int y = 0; y < size.height; ++y) picture.row(y).setTo(cv::Scalar::all(90 + 60 * y / size.height));
  for (int i = 0; i < 60; ++i) {
    const cv::Point at(random.uniform(-20, size.width), random.uniform(-20, size.height));
    const cv::Size extent(random.uniform(size.width / 40 + 1, size.width / 5 + 2),
                          random.uniform(size.height / 40 + 1, size.height / 4 + 2));
    const cv::Scalar shade(random.uniform(40, 210), random.uniform(40, 210), random.uniform(40, 210));
    cv::rectangle(picture, cv::Rect(at, extent), shade, cv::FILLED);
  }
  cv::GaussianBlur(picture, picture, {}, 0.8);
  return picture;
}

/// The same place with a quarter of its light and some lamps.
inline cv::Mat by_night(const cv::Mat& day, std::uint64_t seed) {
  cv::RNG random(seed);
  cv::Mat night;
  day.convertTo(night, CV_8U, 0.2, 8);
  for (int i = 0; i < 4; ++i) {
    const cv::Point at(random.uniform(0, day.cols), random.uniform(0, day.rows));
    cv::circle(night, at, day.cols / 60 + 1, cv::Scalar(180, 220, 240), cv::FILLED);
  }
  return night;
}

inline cv::Mat with_noise(const cv::Mat& picture, double sigma, cv::RNG& random) {
  cv::Mat grain(picture.size(), CV_16SC(picture.channels())), out;
  random.fill(grain, cv::RNG::NORMAL, 0, sigma);
  cv::add(picture, grain, out, cv::noArray(), CV_8U);
  return out;
}

inline double greatest_difference(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF); }

}  // namespace lynceus::test

// Small thermal pictures with exact pixels, for the golden tests of profile seed.
#pragma once

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "plugins/pipes/seed.h"

namespace lynceus::test {

/// A grey picture whose level is the temperature: red, blue and Celsius are the same.
struct SeedPicture {
  cv::Mat level;

  SeedPicture(int width, int height, int ground = 20) : level(height, width, CV_8U, cv::Scalar(ground)) {}
  SeedPicture& rect(const cv::Rect& r, int value) {
    level(r).setTo(value);
    return *this;
  }
  SeedPicture& noise(double sigma, std::uint64_t seed = 7) {
    cv::RNG random(seed);
    cv::Mat grain(level.size(), CV_16S);
    random.fill(grain, cv::RNG::NORMAL, 0, sigma);
    cv::add(level, grain, level, cv::noArray(), CV_8U);
    return *this;
  }
  SeedPicture& transpose() {
    cv::transpose(level, level);
    return *this;
  }
  cv::Mat celsius() const {
    cv::Mat out;
    level.convertTo(out, CV_32F, 0.2, 10);
    return out;
  }
  cv::Mat mask(const pipes::seed::Params& params = {}) const { return pipes::seed::segment(level, params); }
  pipes::Diagnosis diagnosis(const pipes::seed::Params& params = {}) const {
    return pipes::seed::diagnose(mask(params), level, celsius(), params);
  }
};

/// An 80-pixel pipe through 400 columns, with a bare section 40 pixels thick.
inline SeedPicture bare_pipe(int columns, int hot = 250) {
  SeedPicture picture(400, 240);
  picture.rect({0, 80, 400, 80}, 144);
  const int from = 200 - columns / 2;
  picture.rect({from, 80, columns, 20}, 20).rect({from, 140, columns, 20}, 20).rect({from, 100, columns, 40}, hot);
  return picture;
}

}  // namespace lynceus::test

#include "pipeline/scenes/noise.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace lynceus::scenes {
namespace {

constexpr int kSpare = 61;  // how far the window may move over the tile

}  // namespace

std::uint64_t hash(std::uint64_t seed, std::uint64_t value) {
  std::uint64_t z = seed * 0x9e3779b97f4a7c15ULL + value + 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

double hash01(std::uint64_t seed, std::uint64_t value) {
  return static_cast<double>(hash(seed, value) >> 11) * 0x1.0p-53;
}

std::uint64_t frame_key(double time_s) { return static_cast<std::uint64_t>(std::llround(time_s * 1000)); }

cv::Mat value_noise(cv::Size size, double cell_px, std::uint64_t seed) {
  const int cell = std::max(1, cvRound(cell_px));
  const cv::Size lattice(size.width / cell + 4, size.height / cell + 4);
  cv::Mat points(lattice, CV_32F), wide;
  for (int y = 0; y < lattice.height; ++y) {
    for (int x = 0; x < lattice.width; ++x) {
      const auto place = static_cast<std::uint64_t>(y) * 65536 + static_cast<std::uint64_t>(x);
      points.at<float>(y, x) = static_cast<float>(hash01(seed, place));
    }
  }
  cv::resize(points, wide, lattice * cell, 0, 0, cv::INTER_CUBIC);
  // Another part of the lattice for every seed: octaves whose lattices lie on each other show their grid.
  const auto shift = [&](std::uint64_t salt) { return cell + static_cast<int>(hash01(seed, salt) * cell); };
  return wide(cv::Rect({shift(1ULL << 40), shift(1ULL << 41)}, size)).clone();
}

cv::Mat fractal_noise(cv::Size size, double cell_px, int octaves, std::uint64_t seed) {
  cv::Mat sum = cv::Mat::zeros(size, CV_32F);
  double strength = 1;
  for (int octave = 0; octave < octaves && cell_px >= 1; ++octave) {
    sum += strength * value_noise(size, cell_px, hash(seed, static_cast<std::uint64_t>(octave)));
    strength /= 2;
    cell_px /= 2;
  }
  cv::normalize(sum, sum, 0, 1, cv::NORM_MINMAX);
  return sum;
}

NoiseTile::NoiseTile(cv::Size size, double sigma, std::uint64_t seed) : size_(size), seed_(seed) {
  const cv::Size large(size.width + kSpare, size.height + kSpare);
  tile_.create(large, CV_16S);
  cv::RNG random(hash(seed, 7) | 1);
  random.fill(tile_, cv::RNG::NORMAL, 0, sigma);
  tile_.convertTo(above_, CV_8U);
  cv::Mat(-tile_).convertTo(below_, CV_8U);
  cv::merge(std::vector<cv::Mat>{above_, above_, above_}, above_bgr_);
  cv::merge(std::vector<cv::Mat>{below_, below_, below_}, below_bgr_);
}

cv::Rect NoiseTile::window(std::uint64_t frame) const {
  const std::uint64_t mixed = hash(seed_, frame);
  return {static_cast<int>(mixed % kSpare), static_cast<int>((mixed >> 20) % kSpare), size_.width, size_.height};
}

void NoiseTile::add(cv::Mat& picture, std::uint64_t frame) const {
  const cv::Rect where = window(frame);
  const bool colour = picture.channels() == 3;
  cv::add(picture, (colour ? above_bgr_ : above_)(where), picture);
  cv::subtract(picture, (colour ? below_bgr_ : below_)(where), picture);
}

cv::Mat NoiseTile::part(std::uint64_t frame) const { return tile_(window(frame)); }

}  // namespace lynceus::scenes

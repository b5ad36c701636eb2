// Seeded noise for pictures: everything is computed once and then only shifted, so a frame costs two SIMD passes.
//
// The same seed gives the same values on every machine; nothing here keeps a hidden state between calls.
//   const NoiseTile grain(size, 2.0, seed);   grain.add(picture, frame_key(time_s));
// Thread: reentrant.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace lynceus::scenes {

/// Mixes two numbers into one that looks random (SplitMix64).
std::uint64_t hash(std::uint64_t seed, std::uint64_t value);
/// The same, as a number in [0, 1).
double hash01(std::uint64_t seed, std::uint64_t value);
/// Key of the frame at this time: whole milliseconds, so that equal times give equal noise.
std::uint64_t frame_key(double time_s);

/// Value noise on a lattice of `cell_px`, smooth in between; CV_32F, 0..1.
cv::Mat value_noise(cv::Size size, double cell_px, std::uint64_t seed);
/// Octaves of value noise, each half as wide and half as strong; CV_32F, stretched to 0..1.
cv::Mat fractal_noise(cv::Size size, double cell_px, int octaves, std::uint64_t seed);

/// A tile of Gaussian noise larger than the picture; each frame takes another part of it.
class NoiseTile {
 public:
  NoiseTile(cv::Size size, double sigma, std::uint64_t seed);
  /// Adds the noise of this frame: saturating for 8-bit pictures (grey or BGR, the same on all channels).
  void add(cv::Mat& picture, std::uint64_t frame) const;
  /// The noise of this frame itself (CV_16S), in the unit of sigma.
  cv::Mat part(std::uint64_t frame) const;

 private:
  cv::Rect window(std::uint64_t frame) const;

  cv::Size size_;
  std::uint64_t seed_;
  cv::Mat tile_;           // CV_16S
  cv::Mat above_, below_;  // CV_8UC1: the positive and the negative half
  cv::Mat above_bgr_, below_bgr_;
};

}  // namespace lynceus::scenes

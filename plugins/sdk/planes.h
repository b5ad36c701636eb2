// Luma and chroma as they lie in a decoder's memory, and how they make colours. Plain data; whoever hands it out says
// how long the memory is there. Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>

namespace lynceus::sdk {

/// The two constants of a matrix, and whether black is 0 or 16.
struct Colour {
  double kr = 0.299, kb = 0.114;
  bool full_range = false;

  static Colour bt601(bool full) { return {0.299, 0.114, full}; }
  static Colour bt709(bool full) { return {0.2126, 0.0722, full}; }
  static Colour bt2020(bool full) { return {0.2627, 0.0593, full}; }
};

/// One component's samples of 8 bits: `step` bytes from sample to sample, shifted right by these for a picture's x
/// and y.
struct Plane {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride = 0;
  int step = 1, shift_x = 0, shift_y = 0;
};

struct Planes {
  cv::Size size;
  Plane y, u, v;
  Colour colour;
};

}  // namespace lynceus::sdk

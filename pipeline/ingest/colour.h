// From luma and chroma to BGR as the stream means it: any matrix, full or limited range.
//
// cv::cvtColor knows only BT.601 limited: on a palette of another kind it is off by whole colours. Chroma is taken as
// it lies (nearest sample), so that flat patches come back exactly. Thread: reentrant.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "plugins/sdk/planes.h"

namespace lynceus::ingest {

using sdk::Colour;
using sdk::Plane;

struct YuvPicture {
  cv::Size size;
  Plane y, u, v;
};

/// CV_8UC3.
cv::Mat bgr_of(const YuvPicture& picture, const Colour& colour);

/// The integer form of a matrix, for one pixel at a time.
class Converter {
 public:
  explicit Converter(const Colour& colour);
  struct Chroma {
    int b, g, r;
  };
  Chroma chroma(int u, int v) const { return {bu_ * (u - 128), gu_ * (u - 128) + gv_ * (v - 128), rv_ * (v - 128)}; }
  void write(std::uint8_t* bgr, int y, const Chroma& c) const {
    const int base = yy_ * (y - y0_) + (1 << 15);
    bgr[0] = clamp((base + c.b) >> 16);
    bgr[1] = clamp((base + c.g) >> 16);
    bgr[2] = clamp((base + c.r) >> 16);
  }

 private:
  static std::uint8_t clamp(int value) { return static_cast<std::uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value); }
  int y0_, yy_, bu_, gu_, gv_, rv_;
};

}  // namespace lynceus::ingest

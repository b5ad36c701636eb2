#include "tools/simulate/i420.h"

#include <cmath>
#include <cstddef>

namespace lynceus::tools {
namespace {

/// One component as a weighted sum of B, G and R with 20 bits behind the point.
struct Weights {
  int b, g, r, offset;

  static Weights of(double b, double g, double r, double scale, int zero) {
    const auto fixed = [](double value) { return static_cast<int>(std::lround(value * (1 << 20))); };
    return {fixed(b * scale), fixed(g * scale), fixed(r * scale), zero << 20};
  }
  /// Of a sum of 1 << `shift` pixels.
  std::uint8_t at(int blue, int green, int red, int shift) const {
    const std::int64_t sum = std::int64_t{b} * blue + std::int64_t{g} * green + std::int64_t{r} * red;
    const std::int64_t level =
        (sum + (std::int64_t{offset} << shift) + (std::int64_t{1} << (19 + shift))) >> (20 + shift);
    return static_cast<std::uint8_t>(level < 0 ? 0 : level > 255 ? 255 : level);
  }
};

}  // namespace

void write_i420(const cv::Mat& picture, const YuvMatrix& m, std::uint8_t* out) {
  const double kg = 1 - m.kr - m.kb, luma = m.full_range ? 1 : 219.0 / 255, chroma = m.full_range ? 1 : 224.0 / 255;
  const double of_u = 2 * (1 - m.kb), of_v = 2 * (1 - m.kr);
  const Weights y = Weights::of(m.kb, kg, m.kr, luma, m.full_range ? 0 : 16);
  const Weights u = Weights::of((1 - m.kb) / of_u, -kg / of_u, -m.kr / of_u, chroma, 128);
  const Weights v = Weights::of(-m.kb / of_v, -kg / of_v, (1 - m.kr) / of_v, chroma, 128);
  for (int row = 0; row < picture.rows; ++row) {
    const std::uint8_t* p = picture.ptr(row);
    for (int x = 0; x < picture.cols; ++x, p += 3) *out++ = y.at(p[0], p[1], p[2], 0);
  }
  std::uint8_t* out_v = out + picture.total() / 4;
  for (int row = 0; row + 1 < picture.rows; row += 2) {
    const std::uint8_t* p = picture.ptr(row);
    const std::uint8_t* q = picture.ptr(row + 1);
    for (int x = 0; x + 1 < picture.cols; x += 2, p += 6, q += 6) {
      const int b = p[0] + p[3] + q[0] + q[3], g = p[1] + p[4] + q[1] + q[4], r = p[2] + p[5] + q[2] + q[5];
      *out++ = u.at(b, g, r, 2);
      *out_v++ = v.at(b, g, r, 2);
    }
  }
}

}  // namespace lynceus::tools

#include "pipeline/ingest/colour.h"

#include <cmath>
#include <cstddef>

namespace lynceus::ingest {
namespace {

int fixed(double value) { return static_cast<int>(std::lround(value * 65536)); }

void convert_row(const YuvPicture& picture, const Converter& convert, int row, std::uint8_t* out) {
  const auto at = [row](const Plane& plane) { return plane.data + plane.stride * (row >> plane.shift_y); };
  const std::uint8_t* y = at(picture.y);
  const std::uint8_t* u = at(picture.u);
  const std::uint8_t* v = at(picture.v);
  const int run = 1 << picture.u.shift_x;
  for (int x = 0, c = 0; x < picture.size.width; ++c) {
    const auto chroma = convert.chroma(u[static_cast<std::ptrdiff_t>(c) * picture.u.step],
                                       v[static_cast<std::ptrdiff_t>(c) * picture.v.step]);
    for (int i = 0; i < run && x < picture.size.width; ++i, ++x, out += 3) {
      convert.write(out, y[static_cast<std::ptrdiff_t>(x) * picture.y.step], chroma);
    }
  }
}

}  // namespace

Converter::Converter(const Colour& colour) {
  const double luma = colour.full_range ? 1 : 255.0 / 219;
  const double chroma = colour.full_range ? 1 : 255.0 / 224;
  const double kg = 1 - colour.kr - colour.kb;
  y0_ = colour.full_range ? 0 : 16;
  yy_ = fixed(luma);
  rv_ = fixed(chroma * 2 * (1 - colour.kr));
  bu_ = fixed(chroma * 2 * (1 - colour.kb));
  gu_ = fixed(-chroma * 2 * (1 - colour.kb) * colour.kb / kg);
  gv_ = fixed(-chroma * 2 * (1 - colour.kr) * colour.kr / kg);
}

cv::Mat bgr_of(const YuvPicture& picture, const Colour& colour) {
  const Converter convert(colour);
  cv::Mat out(picture.size, CV_8UC3);
  for (int row = 0; row < picture.size.height; ++row) convert_row(picture, convert, row, out.ptr(row));
  return out;
}

}  // namespace lynceus::ingest

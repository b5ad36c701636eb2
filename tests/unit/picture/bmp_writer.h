// Writes the bitmaps that the reader must read; tests only.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>

namespace lynceus::test {

/// 8 bits: the picture is grey and so is the palette.
inline std::string write_bmp(const cv::Mat& picture, int bits, bool top_down) {
  std::string out = "BM";
  const auto number = [&](std::int64_t value, int size) {
    for (int i = 0; i < size; ++i) out += static_cast<char>(value >> 8 * i);
  };
  const int palette = bits == 8 ? 1024 : 0;
  for (const std::int64_t field : {0, 0, 54 + palette, 40, picture.cols, top_down ? -picture.rows : picture.rows}) {
    number(field, 4);
  }
  number(1, 2);
  number(bits, 2);
  for (int i = 0; i < 6; ++i) number(0, 4);
  for (int i = 0; i < 256 && palette; ++i) number(i * 0x010101, 4);
  for (int row = 0; row < picture.rows; ++row) {
    const int y = top_down ? row : picture.rows - 1 - row;
    const std::size_t start = out.size();
    for (int x = 0; x < picture.cols; ++x) {
      for (int c = 0; c < picture.channels(); ++c) out += static_cast<char>(picture.ptr(y)[x * picture.channels() + c]);
      if (bits == 32) out += '\xff';
    }
    while ((out.size() - start) % 4) out += '\0';
  }
  return out;
}

}  // namespace lynceus::test

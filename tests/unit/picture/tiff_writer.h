// Writes the TIFFs that the reader must read; tests only.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>

namespace lynceus::test {

struct TiffStyle {
  bool big_endian = false;
  std::uint32_t compression = 1;  ///< 1, 5, 8 or 32773
  bool differences = false;
  int rows_per_strip = 0;  ///< 0: one strip
  int tile = 0;            ///< side of square tiles; 0: strips
  bool white_is_zero = false;
  int extra_samples = 0;  ///< alpha, all ones
  bool sixteen_bit_colours = false;
};

std::string write_tiff(const cv::Mat& picture, const TiffStyle& style);

}  // namespace lynceus::test

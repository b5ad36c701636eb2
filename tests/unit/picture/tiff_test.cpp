#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/unit/picture/patterns.h"
#include "tests/unit/picture/tiff_writer.h"

namespace lynceus::test {

TEST_CASE("every TIFF we read comes back as it was", "[picture][tiff]") {
  for (const int type : {CV_8UC1, CV_8UC3, CV_16UC1}) {
    const cv::Mat picture = pattern(53, 41, type);
    for (const std::uint32_t compression : {1U, 5U, 8U, 32773U}) {
      for (const bool big_endian : {false, true}) {
        for (const bool differences : {false, true}) {
          for (const int shape : {0, 1, 2, 3}) {
            TiffStyle style;
            style.big_endian = big_endian;
            style.compression = compression;
            style.differences = differences;
            if (shape == 1) style.rows_per_strip = 7;
            if (shape == 2) style.tile = 16;
            if (shape == 3) style.extra_samples = type == CV_8UC3 ? 1 : 3;
            CAPTURE(type, compression, big_endian, differences, shape);
            CHECK(equal(picture::decode(bytes_of(write_tiff(picture, style)), "x").pixels, picture));
          }
        }
      }
    }
  }
}

TEST_CASE("LZW codes grow to twelve bits and start again", "[picture][tiff]") {
  cv::Mat noisy(200, 200, CV_16UC1);
  std::uint32_t seed = 1;
  for (auto it = noisy.begin<std::uint16_t>(); it != noisy.end<std::uint16_t>(); ++it) {
    seed = seed * 1664525 + 1013904223;
    *it = static_cast<std::uint16_t>(seed >> 18);
  }
  TiffStyle style;
  style.compression = 5;
  CHECK(equal(picture::decode(bytes_of(write_tiff(noisy, style)), "x").pixels, noisy));
  const cv::Mat flat(300, 300, CV_8UC1, cv::Scalar(9));
  CHECK(equal(picture::decode(bytes_of(write_tiff(flat, style)), "x").pixels, flat));
}

TEST_CASE("white-is-zero is turned around, 16-bit colours lose their low byte", "[picture][tiff]") {
  TiffStyle inverted;
  inverted.white_is_zero = true;
  for (const int type : {CV_8UC1, CV_16UC1}) {
    const cv::Mat picture = pattern(20, 10, type);
    CHECK(equal(picture::decode(bytes_of(write_tiff(picture, inverted)), "x").pixels, picture));
  }
  TiffStyle deep;
  deep.sixteen_bit_colours = true;
  const cv::Mat picture = pattern(20, 10, CV_8UC3);
  CHECK(equal(picture::decode(bytes_of(write_tiff(picture, deep)), "x").pixels, picture));
}

TEST_CASE("a TIFF that is not supported says why", "[picture][tiff]") {
  const std::string whole = write_tiff(pattern(8, 8, CV_8UC1), {});
  // The value of an entry of the directory, which stands at the file's end: 10 entries of 12 bytes, then 4.
  const auto with = [&](std::size_t index, char value) {
    std::string changed = whole;
    changed[whole.size() - 4 - 9 * 12 + index * 12 + 8] = value;
    return refusal(bytes_of(changed));
  };
  CHECK(with(2, 4) == "cannot read picture: x: only 8 and 16 bits per sample are supported");
  CHECK(with(3, 7) == "cannot read picture: x: its compression 7 is not supported");
  CHECK(with(4, 3) == "cannot read picture: x: only grey and RGB TIFFs are supported");
  CHECK(with(6, 9) == "cannot read picture: x: its samples per pixel are not supported");
  CHECK(with(0, 0) == "cannot read picture: x: it has no pixels");
  CHECK(refusal(bytes_of(std::string("II*\0", 4))) == "cannot read picture: x: it ends too early");
}

TEST_CASE("a small TIFF cannot claim a large picture", "[picture][tiff]") {
  const std::string bytes = write_tiff(pattern(64, 64, CV_8UC1), {});
  picture::Limits limits;
  limits.longest_side_px = 63;
  CHECK(refusal(bytes_of(bytes), limits) == "cannot read picture: x: 64x64 pixels are too many");
  limits = {};
  limits.pixels = 4095;
  CHECK(refusal(bytes_of(bytes), limits) == "cannot read picture: x: 64x64 pixels are too many");
  limits.pixels = 4096;
  CHECK(refusal(bytes_of(bytes), limits).empty());
  TiffStyle tiled;
  tiled.tile = 256;
  CHECK(refusal(bytes_of(write_tiff(pattern(8, 8, CV_8UC1), tiled)), limits) ==
        "cannot read picture: x: 256x256 pixels are too many");
}

}  // namespace lynceus::test

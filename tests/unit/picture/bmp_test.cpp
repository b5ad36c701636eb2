#include <cstdint>
#include <string>

#include "tests/support/catch.h"
#include "tests/unit/picture/bmp_writer.h"
#include "tests/unit/picture/patterns.h"

namespace lynceus::test {

TEST_CASE("bitmaps of 24 and 32 bits come back, from either end", "[picture][bmp]") {
  for (const int width : {1, 2, 3, 4, 31}) {
    const cv::Mat picture = pattern(width, 9, CV_8UC3);
    for (const bool top_down : {false, true}) {
      CHECK(equal(picture::decode(bytes_of(write_bmp(picture, 24, top_down)), "x").pixels, picture));
      CHECK(equal(picture::decode(bytes_of(write_bmp(picture, 32, top_down)), "x").pixels, picture));
    }
  }
}

TEST_CASE("a grey palette gives a grey picture, another gives colours", "[picture][bmp]") {
  const cv::Mat grey = pattern(13, 9, CV_8UC1);
  CHECK(equal(picture::decode(bytes_of(write_bmp(grey, 8, false)), "x").pixels, grey));
  std::string coloured = write_bmp(grey, 8, false);
  coloured[54 + 4 * 3] = 77;  // blue of colour 3
  const cv::Mat pixels = picture::decode(bytes_of(coloured), "x").pixels;
  REQUIRE(pixels.type() == CV_8UC3);
  CHECK(pixels.at<cv::Vec3b>(0, 1) == cv::Vec3b(77, 3, 3));
}

TEST_CASE("a bitmap that is not supported says why", "[picture][bmp]") {
  const std::string whole = write_bmp(pattern(8, 8, CV_8UC3), 24, false);
  const auto with = [&](std::size_t at, char value) {
    std::string changed = whole;
    changed[at] = value;
    return refusal(bytes_of(changed));
  };
  CHECK(with(30, 1) == "cannot read picture: x: compressed bitmaps are not supported");
  CHECK(with(28, 16) == "cannot read picture: x: only 8, 24 and 32 bits per pixel are supported");
  CHECK(with(14, 12) == "cannot read picture: x: its header is not supported");
  CHECK(with(18, 0) == "cannot read picture: x: it has no pixels");
  CHECK(with(24, 1) == "cannot read picture: x: 8x65544 pixels are too many");
  CHECK(with(22, 9) == "cannot read picture: x: it ends too early");
  CHECK(with(12, 1) == "cannot read picture: x: it ends too early");
}

}  // namespace lynceus::test

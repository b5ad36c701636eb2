#include <png.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/unit/picture/patterns.h"

namespace lynceus::test {
namespace {

/// A PNG of libpng's simple writer: alpha, grey with alpha, palette.
std::string simple_png(std::uint32_t format, const void* pixels, int stride, const void* palette = nullptr,
                       std::uint32_t colours = 0) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = 4;
  image.height = 2;
  image.format = format;
  image.colormap_entries = colours;
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels, stride, palette);
  std::string out(size, '\0');
  png_image_write_to_memory(&image, out.data(), &size, 0, pixels, stride, palette);
  out.resize(size);
  return out;
}

}  // namespace

TEST_CASE("a PNG comes back as it was, 16 bits too", "[picture][png]") {
  for (const int type : {CV_8UC1, CV_8UC3, CV_16UC1}) {
    const cv::Mat picture = pattern(53, 41, type);
    CHECK(equal(picture::decode(picture::encode_png(picture), "x").pixels, picture));
  }
}

TEST_CASE("alpha is dropped", "[picture][png]") {
  std::vector<std::uint8_t> rgba;
  for (std::uint8_t i = 0; i < 8; ++i) rgba.insert(rgba.end(), {i, static_cast<std::uint8_t>(i + 50), 200, 3});
  const cv::Mat colour = picture::decode(bytes_of(simple_png(PNG_FORMAT_RGBA, rgba.data(), 0)), "x").pixels;
  REQUIRE(colour.type() == CV_8UC3);
  CHECK(colour.at<cv::Vec3b>(1, 3) == cv::Vec3b(200, 57, 7));
  const std::vector<std::uint8_t> grey{1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9, 7, 9, 8, 9};
  const cv::Mat single = picture::decode(bytes_of(simple_png(PNG_FORMAT_GA, grey.data(), 0)), "x").pixels;
  REQUIRE(single.type() == CV_8UC1);
  CHECK(single.at<uchar>(1, 3) == 8);
}

TEST_CASE("a palette becomes colours", "[picture][png]") {
  const std::uint8_t palette[] = {10, 20, 30, 40, 50, 60};
  const std::uint8_t indices[] = {0, 1, 0, 1, 1, 0, 1, 0};
  const cv::Mat pixels =
      picture::decode(bytes_of(simple_png(PNG_FORMAT_RGB_COLORMAP, indices, 0, palette, 2)), "x").pixels;
  REQUIRE(pixels.type() == CV_8UC3);
  CHECK(pixels.at<cv::Vec3b>(0, 1) == cv::Vec3b(60, 50, 40));
}

TEST_CASE("a PNG larger than the limits is refused by its header", "[picture][png]") {
  const auto bytes = picture::encode_png(pattern(20, 10, CV_8UC1));
  picture::Limits limits;
  limits.pixels = 199;
  CHECK(refusal(bytes, limits) == "cannot read picture: x: 20x10 pixels are too many");
  limits = {};
  limits.longest_side_px = 19;
  CHECK_FALSE(refusal(bytes, limits).empty());
}

TEST_CASE("a PNG with damaged pixels is refused", "[picture][png]") {
  auto bytes = picture::encode_png(pattern(20, 10, CV_8UC1));
  bytes[bytes.size() - 20] ^= std::byte{0x10};
  CHECK_FALSE(refusal(bytes).empty());
}

TEST_CASE("what PNG cannot hold is refused", "[picture][png]") {
  CHECK_THROWS_AS(picture::encode_png(cv::Mat()), Error);
  CHECK_THROWS_AS(picture::encode_png(cv::Mat(4, 4, CV_32F)), Error);
  CHECK_THROWS_AS(picture::encode_png(cv::Mat(4, 4, CV_16UC3)), Error);
}

}  // namespace lynceus::test

#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/unit/picture/patterns.h"

namespace lynceus::test {
namespace {

/// A gradient without jumps, which JPEG keeps well.
cv::Mat smooth(int type) {
  cv::Mat small(4, 6, type), large;
  cv::randu(small, cv::Scalar::all(0), cv::Scalar::all(255));
  cv::resize(small, large, {97, 61}, 0, 0, cv::INTER_CUBIC);
  return large;
}

}  // namespace

TEST_CASE("a JPEG comes back nearly as it was", "[picture][jpeg]") {
  for (const int type : {CV_8UC1, CV_8UC3}) {
    const cv::Mat picture = smooth(type);
    const cv::Mat back = picture::decode(picture::encode_jpeg(picture, 95), "x").pixels;
    REQUIRE(back.type() == type);
    REQUIRE(back.size() == picture.size());
    CHECK(cv::norm(back, picture, cv::NORM_L1) / static_cast<double>(back.total() * back.channels()) < 2.0);
  }
}

TEST_CASE("a part of a larger picture is encoded by its own rows", "[picture][jpeg]") {
  const cv::Mat picture = smooth(CV_8UC3);
  const cv::Mat part = picture(cv::Rect(10, 20, 32, 16));
  CHECK(picture::encode_jpeg(part) == picture::encode_jpeg(part.clone()));
  CHECK(picture::encode_png(part) == picture::encode_png(part.clone()));
}

TEST_CASE("what JPEG cannot hold is refused", "[picture][jpeg]") {
  CHECK_THROWS_AS(picture::encode_jpeg(cv::Mat()), Error);
  CHECK_THROWS_AS(picture::encode_jpeg(pattern(4, 4, CV_16UC1)), Error);
  CHECK_THROWS_AS(picture::encode_jpeg(cv::Mat(4, 4, CV_8UC4)), Error);
  CHECK_THROWS_AS(picture::encode_jpeg(cv::Mat(1, 70'000, CV_8UC1)), Error);
}

TEST_CASE("a JPEG larger than the limits is refused by its header", "[picture][jpeg]") {
  const auto bytes = picture::encode_jpeg(cv::Mat(100, 200, CV_8UC1, cv::Scalar(0)));
  picture::Limits limits;
  limits.pixels = 19'999;
  CHECK(refusal(bytes, limits) == "cannot read picture: x: 200x100 pixels are too many");
}

TEST_CASE("a JPEG cut short shows what came", "[picture][jpeg]") {
  const cv::Mat picture = smooth(CV_8UC3);
  auto bytes = picture::encode_jpeg(picture, 95);
  bytes.resize(bytes.size() * 3 / 4);
  CHECK(picture::decode(bytes, "x").pixels.size() == picture.size());
}

TEST_CASE("hostile JPEGs decode or are refused in words", "[picture][jpeg][data]") {
  LYNCEUS_NEED_DATA(folder, "data/streams/jpeg");
  int files = 0, refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    ++files;
    try {
      picture::read(entry.path().string());
    } catch (const Error& error) {
      CHECK(error.exit() == Exit::unreadable);
      CHECK(std::string(error.what()).starts_with("cannot read picture: " + entry.path().string() + ": "));
      ++refused;
    }
  }
  CHECK(files > 0);
  CHECK(refused > 0);
}

TEST_CASE("12-bit and lossless JPEGs are refused", "[picture][jpeg][data]") {
  LYNCEUS_NEED_DATA(folder, "data/streams/jpeg");
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("12bit") || name.starts_with("lossless_random12")) {
      CHECK_THROWS_AS(picture::read(entry.path().string()), Error);
    }
  }
}

}  // namespace lynceus::test

// Every format, cut at every byte and with bits flipped: an Error or a picture, never a crash, never without end.
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/unit/picture/bmp_writer.h"
#include "tests/unit/picture/patterns.h"
#include "tests/unit/picture/tiff_writer.h"

namespace lynceus::test {
namespace {

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string tiff(std::uint32_t compression, int tile) {
  TiffStyle style;
  style.compression = compression;
  style.differences = true;
  style.tile = tile;
  style.rows_per_strip = 5;
  return write_tiff(pattern(17, 13, CV_8UC3), style);
}

std::vector<std::string> samples() {
  return {text_of(picture::encode_jpeg(pattern(17, 13, CV_8UC3))),
          text_of(picture::encode_png(pattern(17, 13, CV_8UC3))),
          text_of(picture::encode_png(pattern(17, 13, CV_16UC1))),
          tiff(1, 0),
          tiff(5, 0),
          tiff(8, 16),
          tiff(32773, 16),
          write_bmp(pattern(17, 13, CV_8UC1), 8, false),
          write_bmp(pattern(17, 13, CV_8UC3), 24, true)};
}

/// Small, so that a forged size costs little even where it is allowed.
const picture::Limits kLimits{.longest_side_px = 512, .pixels = 64 << 10};

}  // namespace

TEST_CASE("a picture cut at any byte never crashes", "[picture]") {
  for (const std::string& whole : samples()) {
    CHECK(refusal(bytes_of(whole), kLimits).empty());
    for (std::size_t length = 0; length < whole.size(); ++length) {
      // In memory of its own length, so that a sanitizer sees a read beyond it.
      const std::string cut = whole.substr(0, length);
      const std::vector<char> tight(cut.begin(), cut.end());
      const std::string said = refusal(std::as_bytes(std::span(tight)), kLimits);
      CHECK((said.empty() || said.starts_with("cannot read picture: x: ")));
    }
  }
}

TEST_CASE("a picture with bits flipped never crashes", "[picture]") {
  std::mt19937 random(11);
  for (const std::string& whole : samples()) {
    for (int i = 0; i < 1500; ++i) {
      std::vector<char> bytes(whole.begin(), whole.end());
      for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
        bytes[random() % bytes.size()] ^= static_cast<char>(1U << (random() % 8));
      }
      const std::string said = refusal(std::as_bytes(std::span(bytes)), kLimits);
      if (!said.empty() && !said.starts_with("cannot read picture: x: ")) FAIL(said);
    }
  }
}

}  // namespace lynceus::test

// Temperatures beneath a FLIR picture: written here as such a camera writes them, and cut at every length.
#include "pipeline/picture/flir.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"

using namespace lynceus;

namespace {

class Bytes {
 public:
  explicit Bytes(std::size_t size) : data(size) {}
  void number(std::size_t at, std::uint32_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) data[at + i] = std::byte(value >> (8 * i) & 0xff);
  }
  void real(std::size_t at, float value) { number(at, std::bit_cast<std::uint32_t>(value), 4); }
  std::vector<std::byte> data;
};

/// 3×2 raw values 1000, 1001 … with an E40's constants, in one segment of a JPEG.
std::vector<std::byte> camera_jpeg() {
  constexpr std::size_t kRaw = 128, kCamera = kRaw + 32 + 12;
  Bytes fff(kCamera + 0x340);
  std::memcpy(fff.data.data(), "FFF", 4);
  fff.number(0x14, 101, 4), fff.number(0x18, 64, 4), fff.number(0x1c, 2, 4);
  fff.number(64, 1, 2), fff.number(64 + 12, kRaw, 4), fff.number(64 + 16, 32 + 12, 4);
  fff.number(96, 32, 2), fff.number(96 + 12, kCamera, 4), fff.number(96 + 16, 0x340, 4);
  fff.number(kRaw, 2, 2), fff.number(kRaw + 2, 3, 2), fff.number(kRaw + 4, 2, 2);
  for (unsigned i = 0; i < 6; ++i) fff.number(kRaw + 32 + 2 * i, 1000 + i, 2);
  fff.number(kCamera, 2, 2);
  fff.real(kCamera + 0x20, 0.95F), fff.real(kCamera + 0x28, 294.15F), fff.real(kCamera + 0x3c, 0.49F);
  fff.real(kCamera + 0x58, 14866.5F), fff.real(kCamera + 0x5c, 1395.7F), fff.real(kCamera + 0x60, 1);
  fff.number(kCamera + 0x308, static_cast<std::uint32_t>(-5859), 4), fff.real(kCamera + 0x30c, 0.0110865F);
  const auto plain = picture::encode_jpeg(cv::Mat(16, 16, CV_8UC3, cv::Scalar(10, 20, 30)));
  std::vector<std::byte> out(plain.begin(), plain.begin() + 2);
  const std::size_t length = 2 + 8 + fff.data.size();
  for (const unsigned b : {0xffU, 0xe1U, unsigned(length >> 8), unsigned(length & 0xff), unsigned('F'), unsigned('L'),
                           unsigned('I'), unsigned('R'), 0U, 1U, 0U, 0U}) {
    out.push_back(std::byte(b));
  }
  out.insert(out.end(), fff.data.begin(), fff.data.end());
  out.insert(out.end(), plain.begin() + 2, plain.end());
  return out;
}

}  // namespace

TEST_CASE("raw values and constants come out of a FLIR JPEG, the picture beside them") {
  const auto decoded = picture::decode(camera_jpeg(), "flir");
  REQUIRE(decoded.pixels.size() == cv::Size(16, 16));
  REQUIRE(decoded.radiometric);
  REQUIRE(decoded.radiometric->raw.size() == cv::Size(3, 2));
  REQUIRE(decoded.radiometric->raw.at<std::uint16_t>(1, 2) == 1005);
  REQUIRE(decoded.radiometric->planck->o == -5859);
  REQUIRE(decoded.radiometric->planck->emissivity == Approx(0.95));
}

TEST_CASE("cut at any length it gives nothing, or the whole") {
  const auto whole = camera_jpeg();
  for (std::size_t length = 2; length < whole.size(); ++length) {
    const auto found = picture::flir_radiometric(std::span(whole).first(length), {});
    if (found) REQUIRE(found->raw.size() == cv::Size(3, 2));
  }
}

TEST_CASE("a byte spoiled anywhere is no trouble") {
  const auto whole = camera_jpeg();
  for (std::size_t at = 2; at < 400; ++at) {
    auto spoiled = whole;
    spoiled[at] = ~spoiled[at];
    const auto found = picture::flir_radiometric(spoiled, {});
    if (found) REQUIRE(!found->raw.empty());
  }
}

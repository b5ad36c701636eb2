#include "pipeline/picture/flir.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string_view>
#include <vector>

namespace lynceus::picture {
namespace {

constexpr std::size_t kMostRecords = 256;
constexpr std::size_t kSegmentHead = 8;  // "FLIR", 0, version, number, last number
constexpr unsigned kRawData = 1, kCameraInfo = 32;
constexpr std::size_t kRawHead = 32;
constexpr double kKelvin = 273.15;

/// Numbers at offsets of a block, none where it ends too early.
class Block {
 public:
  Block(Bytes bytes, bool little) : bytes_(bytes), little_(little) {}

  std::optional<std::uint32_t> number(std::size_t offset, unsigned size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return std::nullopt;
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; ++i) {
      value = value << 8 | static_cast<std::uint32_t>(bytes_[offset + (little_ ? size - 1 - i : i)]);
    }
    return value;
  }
  /// 0 where there is none or it is not finite.
  double real(std::size_t offset) const {
    const auto bits = number(offset, 4);
    const float value = bits ? std::bit_cast<float>(*bits) : 0.0F;
    return std::isfinite(value) ? double{value} : 0;
  }
  std::optional<Bytes> part(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return std::nullopt;
    return bytes_.subspan(offset, size);
  }

 private:
  Bytes bytes_;
  bool little_;
};

bool starts_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

/// The FFF container out of the JPEG's segments; segments may stand in any order.
std::vector<std::byte> container_of(Bytes jpeg) {
  std::vector<Bytes> pieces(256);
  std::size_t at = 2;
  while (at + 4 <= jpeg.size() && jpeg[at] == std::byte{0xff}) {
    const auto marker = static_cast<unsigned>(jpeg[at + 1]);
    if (marker == 0xff) {  // padding
      ++at;
      continue;
    }
    const std::size_t length = static_cast<std::size_t>(jpeg[at + 2]) << 8 | static_cast<std::size_t>(jpeg[at + 3]);
    if (marker == 0xda || marker == 0xd9 || length < 2 || jpeg.size() - at - 2 < length) break;
    const Bytes body = jpeg.subspan(at + 4, length - 2);
    if (marker == 0xe1 && body.size() > kSegmentHead && starts_with(body, std::string_view("FLIR\0", 5))) {
      pieces[static_cast<std::size_t>(body[6])] = body.subspan(kSegmentHead);
    }
    at += 2 + length;
  }
  std::vector<std::byte> out;
  for (const Bytes piece : pieces) out.insert(out.end(), piece.begin(), piece.end());
  return out;
}

/// The directory's own byte order: the one in which its version is a small number.
std::optional<bool> order_of(Bytes fff) {
  for (const bool little : {false, true}) {
    const auto version = Block(fff, little).number(0x14, 4);
    if (version && *version >= 100 && *version < 200) return little;
  }
  return std::nullopt;
}

std::optional<Bytes> record(Bytes fff, unsigned wanted) {
  const auto little = order_of(fff);
  if (!little) return std::nullopt;
  const Block head(fff, *little);
  const auto directory = head.number(0x18, 4), count = head.number(0x1c, 4);
  if (!directory || !count) return std::nullopt;
  for (std::size_t i = 0; i < std::min<std::size_t>(*count, kMostRecords); ++i) {
    const std::size_t entry = *directory + 32 * i;
    const auto type = head.number(entry, 2), offset = head.number(entry + 12, 4), length = head.number(entry + 16, 4);
    if (!type || !offset || !length) return std::nullopt;
    if (*type == wanted && *length > 0) return head.part(*offset, *length);
  }
  return std::nullopt;
}

/// A record begins with a small number in its own byte order.
bool is_little(Bytes bytes) {
  const auto first = Block(bytes, true).number(0, 2);
  return first && *first < 0x100;
}

cv::Mat swapped(cv::Mat picture) {
  for (int y = 0; y < picture.rows; ++y) {
    auto* row = picture.ptr<std::uint16_t>(y);
    for (int x = 0; x < picture.cols; ++x) row[x] = static_cast<std::uint16_t>(row[x] << 8 | row[x] >> 8);
  }
  return picture;
}

cv::Mat raw_of(Bytes bytes, const Limits& limits) {
  const bool little = is_little(bytes);
  const Block block(bytes, little);
  const auto width = block.number(2, 2), height = block.number(4, 2);
  if (!width || !height || bytes.size() < kRawHead) return {};
  check_size(*width, *height, limits);
  const Bytes data = bytes.subspan(kRawHead);
  if (starts_with(data, "\x89PNG")) {
    // Written with the low byte first, against PNG's own rule.
    cv::Mat picture = decode_png(data, limits);
    const bool fits = picture.type() == CV_16UC1 && picture.cols == int(*width) && picture.rows == int(*height);
    return fits ? swapped(picture) : cv::Mat();
  }
  const std::size_t pixels = std::size_t{*width} * *height;
  if (data.size() < 2 * pixels) return {};
  cv::Mat picture(static_cast<int>(*height), static_cast<int>(*width), CV_16UC1);
  std::memcpy(picture.data, data.data(), 2 * pixels);
  return little == (std::endian::native == std::endian::little) ? picture : swapped(picture);
}

std::optional<sdk::Planck> constants_of(Bytes bytes) {
  const Block block(bytes, is_little(bytes));
  sdk::Planck p;
  p.emissivity = block.real(0x20);
  p.distance_m = block.real(0x24);
  p.reflected_kelvin = block.real(0x28);
  p.atmosphere_kelvin = block.real(0x2c);
  p.window_kelvin = block.real(0x30);
  p.window_transmission = block.real(0x34);
  p.humidity = block.real(0x3c);
  p.r1 = block.real(0x58), p.b = block.real(0x5c), p.f = block.real(0x60);
  p.alpha1 = block.real(0x70), p.alpha2 = block.real(0x74);
  p.beta1 = block.real(0x78), p.beta2 = block.real(0x7c), p.x = block.real(0x80);
  const auto o = block.number(0x308, 4);
  p.o = o ? static_cast<double>(static_cast<std::int32_t>(*o)) : 0;
  p.r2 = block.real(0x30c);
  if (!o || p.r1 <= 0 || p.r2 <= 0 || p.b <= 0) return std::nullopt;
  if (p.humidity > 2) p.humidity /= 100;
  const auto in = [](double v, double low, double high) { return v >= low && v <= high; };
  if (!in(p.emissivity, 0.01, 1)) p.emissivity = 1;
  if (!in(p.window_transmission, 0.01, 1)) p.window_transmission = 1;
  for (double* kelvin : {&p.reflected_kelvin, &p.atmosphere_kelvin, &p.window_kelvin}) {
    if (!in(*kelvin, 100, 3000)) *kelvin = kKelvin + 20;
  }
  if (!in(p.distance_m, 0, 1e5)) p.distance_m = 0;
  if (!in(p.humidity, 0, 1)) p.humidity = 0.5;
  return p;
}

}  // namespace

std::optional<sdk::Radiometric> flir_radiometric(Bytes jpeg, const Limits& limits) {
  const std::vector<std::byte> fff = container_of(jpeg);
  if (!starts_with(fff, std::string_view("FFF\0", 4))) return std::nullopt;
  const auto raw = record(fff, kRawData), camera = record(fff, kCameraInfo);
  if (!raw || !camera) return std::nullopt;
  try {
    sdk::Radiometric out;
    out.raw = raw_of(*raw, limits);
    out.planck = constants_of(*camera);
    if (out.raw.empty() || !out.planck) return std::nullopt;
    return out;
  } catch (const BadPicture&) {
    return std::nullopt;
  }
}

}  // namespace lynceus::picture

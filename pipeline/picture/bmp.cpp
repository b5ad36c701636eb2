// Windows bitmaps: 8-bit palette, 24 and 32 bits, not compressed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "pipeline/picture/codecs.h"

namespace lynceus::picture {
namespace {

std::uint32_t number(Bytes bytes, std::uint64_t at, unsigned size) {
  if (at > bytes.size() || bytes.size() - at < size) throw BadPicture("it ends too early");
  std::uint32_t value = 0;
  for (unsigned i = size; i-- > 0;) value = value << 8 | static_cast<std::uint32_t>(bytes[at + i]);
  return value;
}

struct Header {
  std::uint64_t pixels_at, palette_at;
  std::uint32_t width, height, bits, colours;
  bool top_down;

  std::uint64_t row_bytes() const { return (std::uint64_t{width} * bits + 31) / 32 * 4; }
};

/// 32-bit files may name their channels; ours are the usual ones: blue first.
bool usual_masks(Bytes bytes) {
  return number(bytes, 54, 4) == 0x00ff0000 && number(bytes, 58, 4) == 0x0000ff00 && number(bytes, 62, 4) == 0x000000ff;
}

Header read_header(Bytes bytes, const Limits& limits) {
  constexpr std::uint32_t kInfoHeader = 40, kUncompressed = 0, kBitFields = 3;
  Header header{};
  header.pixels_at = number(bytes, 10, 4);
  const std::uint32_t size = number(bytes, 14, 4);
  if (size < kInfoHeader || size > 124) throw BadPicture("its header is not supported");
  header.palette_at = 14 + std::uint64_t{size};
  header.width = number(bytes, 18, 4);
  const auto height = static_cast<std::int32_t>(number(bytes, 22, 4));
  header.top_down = height < 0;
  header.height = static_cast<std::uint32_t>(std::abs(std::int64_t{height}));
  check_size(header.width, header.height, limits);
  header.bits = number(bytes, 28, 2);
  const std::uint32_t compression = number(bytes, 30, 4);
  const bool plain =
      compression == kUncompressed || (compression == kBitFields && header.bits == 32 && usual_masks(bytes));
  if (!plain) throw BadPicture("compressed bitmaps are not supported");
  if (header.bits != 8 && header.bits != 24 && header.bits != 32) {
    throw BadPicture("only 8, 24 and 32 bits per pixel are supported");
  }
  header.colours = number(bytes, 46, 4);
  if (header.colours == 0 || header.colours > 256) header.colours = 256;
  return header;
}

/// The palette as 256 BGR colours; what the file lacks is black.
cv::Mat read_palette(Bytes bytes, const Header& header) {
  cv::Mat palette(1, 256, CV_8UC3, cv::Scalar::all(0));
  for (std::uint32_t i = 0; i < header.colours; ++i) {
    const std::uint32_t colour = number(bytes, header.palette_at + std::uint64_t{i} * 4, 4);
    palette.at<cv::Vec3b>(static_cast<int>(i)) = {static_cast<uchar>(colour), static_cast<uchar>(colour >> 8),
                                                  static_cast<uchar>(colour >> 16)};
  }
  return palette;
}

bool all_grey(const cv::Mat& palette) {
  return std::all_of(palette.begin<cv::Vec3b>(), palette.end<cv::Vec3b>(),
                     [](const cv::Vec3b& c) { return c[0] == c[1] && c[1] == c[2]; });
}

void copy_indexed(const uchar* in, const cv::Mat& palette, cv::Mat row) {
  const auto* colours = palette.ptr<cv::Vec3b>();
  for (int x = 0; x < row.cols; ++x) {
    if (row.channels() == 1) {
      row.at<uchar>(x) = colours[in[x]][0];
    } else {
      row.at<cv::Vec3b>(x) = colours[in[x]];
    }
  }
}

void copy_colours(const uchar* in, int bytes_per_pixel, cv::Mat row) {
  for (int x = 0; x < row.cols; ++x) {
    const uchar* pixel = in + static_cast<std::ptrdiff_t>(x) * bytes_per_pixel;
    row.at<cv::Vec3b>(x) = {pixel[0], pixel[1], pixel[2]};
  }
}

}  // namespace

cv::Mat decode_bmp(Bytes bytes, const Limits& limits) {
  const Header header = read_header(bytes, limits);
  const std::uint64_t needed = header.row_bytes() * header.height;
  if (header.pixels_at > bytes.size() || bytes.size() - header.pixels_at < needed)
    throw BadPicture("it ends too early");
  const cv::Mat palette = header.bits == 8 ? read_palette(bytes, header) : cv::Mat();
  const bool grey = header.bits == 8 && all_grey(palette);
  const int height = static_cast<int>(header.height);
  cv::Mat picture(height, static_cast<int>(header.width), grey ? CV_8UC1 : CV_8UC3);
  const auto* first = reinterpret_cast<const uchar*>(bytes.data()) + header.pixels_at;
  for (int y = 0; y < height; ++y) {
    const uchar* in = first + header.row_bytes() * static_cast<std::uint64_t>(header.top_down ? y : height - 1 - y);
    if (header.bits == 8) {
      copy_indexed(in, palette, picture.row(y));
    } else {
      copy_colours(in, static_cast<int>(header.bits / 8), picture.row(y));
    }
  }
  return picture;
}

}  // namespace lynceus::picture

// Pictures to and from files without OpenCV's imgcodecs (which pulls GPL libraries in): JPEG by libjpeg-turbo, PNG by
// libpng, baseline TIFF and BMP by readers of our own (docs/decisions). Everything decoded here is untrusted: sizes are
// bounded before memory is taken, errors are Error (Exit::unreadable), nothing crashes. An EXIF orientation is ignored:
// pixels come as they are stored, which is what annotations refer to. Thread: any (no shared state).
//
//   const cv::Mat pixels = picture::read("a.png").pixels;
//   picture::write("a.annotated.png", pixels);
#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plugins/sdk/frame.h"

namespace lynceus::picture {

struct Limits {
  int longest_side_px = 16384;
  std::size_t pixels = std::size_t{64} << 20;
};

struct Decoded {
  cv::Mat pixels;                                 ///< 8UC1, 8UC3 (BGR) or 16UC1
  std::optional<sdk::Radiometric> radiometric{};  ///< temperatures beneath a coloured picture (FLIR's JPEGs)
};

/// By the bytes' own signature, not by a name. `where` names the input in errors.
Decoded decode(std::span<const std::byte> bytes, const std::string& where, const Limits& limits = {});
Decoded read(const std::string& path, const Limits& limits = {});
bool has_picture_suffix(const std::string& path);

/// 8UC1 or 8UC3.
std::vector<std::byte> encode_jpeg(const cv::Mat& picture, int quality = 85);
/// 8UC1, 8UC3 or 16UC1.
std::vector<std::byte> encode_png(const cv::Mat& picture);
/// By suffix: .jpg, .jpeg, .png. Written whole or not at all (temporary file, rename).
void write(const std::string& path, const cv::Mat& picture);

}  // namespace lynceus::picture

// The formats behind picture_io.h, one function each, and what they share. Each reader throws BadPicture with the reason
// alone; picture_io.cpp adds the name of the input. Thread: any (no shared state).
#pragma once

#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <stdexcept>
#include <vector>

#include "pipeline/picture/picture_io.h"

namespace lynceus::picture {

using Bytes = std::span<const std::byte>;

/// Why a picture cannot be read, without where it came from.
class BadPicture : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws unless width × height is a picture within the limits: asked before any memory is taken.
void check_size(std::uint64_t width, std::uint64_t height, const Limits& limits);

cv::Mat decode_jpeg(Bytes bytes, const Limits& limits);
cv::Mat decode_png(Bytes bytes, const Limits& limits);
cv::Mat decode_tiff(Bytes bytes, const Limits& limits);
cv::Mat decode_bmp(Bytes bytes, const Limits& limits);

}  // namespace lynceus::picture

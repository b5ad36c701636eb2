// Cuts an H.264 or H.265 byte stream, or a row of JPEG pictures, into access units without judging them.
//
// A parser of GStreamer would repair or drop what is broken; a hostile camera sends it. So the bytes are only cut: a
// new unit begins at the first slice of a picture, or at the parameter sets, delimiters and messages before it. Thread:
// any.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "tools/simulate/clip.h"

namespace lynceus::tools {

/// Throws Error (Exit::unreadable) naming `where` when there is not one picture in it.
Clip cut_elementary(std::span<const std::byte> stream, Codec codec, const std::string& where);

/// By the file's suffix: .264 .h264 .avc .26l .jsv .jvt, .265 .h265 .hevc, .mjpeg .mjpg .jpg .jpeg.
std::optional<Codec> elementary_codec(const std::string& path);

}  // namespace lynceus::tools

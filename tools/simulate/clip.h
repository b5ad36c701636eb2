// An encoded video as a list of access units in memory: what a simulated camera plays over and over.
//
// Made once (from a scene, or out of a file) and then only read: any number of clients share one Clip, the bytes go
// into GStreamer buffers without a copy. Thread: any (immutable after it was made).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace lynceus::tools {

enum class Codec : std::uint8_t { h264, h265, mjpeg };
const char* codec_name(Codec codec);

/// One coded picture, complete with its start codes.
struct AccessUnit {
  std::uint64_t offset = 0, size = 0;
  std::int64_t shown_after_ns = 0;  ///< presentation later than its place in the stream (B-frames)
  bool key = false;                 ///< a decoder may begin here: parameter sets and an intra picture
};

struct Clip {
  Codec codec = Codec::h264;
  int width = 0, height = 0;  ///< 0: not known (elementary streams)
  double fps = 25;
  std::vector<std::byte> bytes;
  std::vector<AccessUnit> units;  ///< never empty

  std::span<const std::byte> unit(std::size_t i) const {
    return std::span(bytes).subspan(units[i].offset, units[i].size);
  }
  /// The nearest unit at or before this one where a decoder may begin; the first one when there is none.
  std::size_t key_at_or_before(std::size_t i) const;
  void append(std::span<const std::byte> unit_bytes, bool key, std::int64_t shown_after_ns = 0);
};

using ClipPtr = std::shared_ptr<const Clip>;

/// Caps of the units as a payloader wants them.
std::string caps_of(const Clip& clip);

}  // namespace lynceus::tools

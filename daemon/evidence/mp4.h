// Fragmented MP4 out of coded pictures, as bytes: one video track, no re-encoding, readable up to its last whole
// fragment whenever writing ends. Times are ticks of 1/90000 s. Thread: bound to its owner; no files here.
//
//   Mp4 mp4(format);   put(mp4.header());   put(mp4.fragment(samples));   …
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "pipeline/ingest/encoded.h"

namespace lynceus::daemon {

inline constexpr std::int64_t kTicks = 90'000;  ///< a second

struct Mp4Sample {
  std::span<const std::uint8_t> bytes;
  std::int64_t dts = 0, shown_after = 0, lasts = 0;  ///< presentation is dts + shown_after
  bool key = false;
};

class Mp4 {
 public:
  explicit Mp4(const ingest::EncodedFormat& format) : format_(format) {}

  std::vector<std::uint8_t> header();
  /// In decoding order, following those before; never empty.
  std::vector<std::uint8_t> fragment(std::span<const Mp4Sample> samples);

  /// What to write over the header at `duration_at()` once the whole is known.
  static std::vector<std::uint8_t> duration(std::int64_t ticks);
  std::size_t duration_at() const { return duration_at_; }

 private:
  const ingest::EncodedFormat format_;
  std::uint32_t fragments_ = 0;
  std::size_t duration_at_ = 0;
};

/// How many of these leading bytes of a file are a whole MP4: header and fragments. 0: not one whole fragment.
/// `boxes` is called with an offset and gives the 16 bytes there, fewer at the end.
std::uint64_t whole_mp4(std::uint64_t size, const std::function<std::vector<std::uint8_t>(std::uint64_t)>& boxes);

}  // namespace lynceus::daemon

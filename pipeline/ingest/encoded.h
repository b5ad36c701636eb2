// A camera's pictures as it coded them: for whoever keeps video without decoding it.
//
// A source gives each access unit, whole and parsed, to its EncodedSink on a streaming thread, on its way to the
// decoder (or, of the `evidence` stream, to nowhere). Nothing is copied: a unit shares GStreamer's memory. The sink
// must return at once; it is part of the decoder's thread. Owner: whoever records. Thread: as noted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/gst.h"

namespace lynceus::ingest {

/// How a run of units is to be read; the same object for all of them.
struct EncodedFormat {
  enum class Codec { h264, h265, jpeg } codec = Codec::h264;
  int width = 0, height = 0;
  std::vector<std::uint8_t> config;  ///< AVC or HEVC decoder configuration record; units are length-prefixed NALs

  bool operator==(const EncodedFormat&) const = default;
};

/// One coded picture.
struct EncodedUnit {
  std::shared_ptr<const EncodedFormat> format;
  std::shared_ptr<GstBuffer> data;
  bool key = false;                ///< a decoder may begin here
  std::chrono::nanoseconds pts{};  ///< of the stream, moved to lie within seconds of `arrived` on the monotonic clock
  MonoTime arrived{};
  std::size_t bytes = 0;  ///< of memory it keeps alive
};

class EncodedSink {
 public:
  virtual ~EncodedSink() = default;
  virtual void on_unit(EncodedUnit unit) = 0;
  /// What follows is another connection: no picture of it refers to one before. Thread: the source's control thread.
  virtual void on_break() = 0;
};

}  // namespace lynceus::ingest

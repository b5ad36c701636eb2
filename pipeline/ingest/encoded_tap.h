// Makes EncodedUnits of the buffers that pass a pad. Thread: the pad's streaming thread.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/gst.h"
#include "pipeline/ingest/encoded.h"

namespace lynceus::ingest {

/// What a muxer can store: the same stream with its parameters in the caps instead of in every unit. Null: any will do.
gst::CapsPtr storable_caps(const std::string& codec);

class EncodedTap {
 public:
  /// Nothing for a stream that cannot be stored as it is (no known codec, no size, parameters in the units).
  std::optional<EncodedUnit> unit_of(GstPad* pad, GstBuffer* buffer, MonoTime now);

 private:
  void take_caps(GstPad* pad);
  std::chrono::nanoseconds time_of(const GstBuffer* buffer, MonoTime now);

  gst::CapsPtr caps_;
  std::shared_ptr<const EncodedFormat> format_;
  std::chrono::nanoseconds shift_{};
  bool anchored_ = false;
};

}  // namespace lynceus::ingest

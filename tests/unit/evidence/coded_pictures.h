// Coded pictures with nothing in them, for what only counts and orders them.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/gst.h"
#include "pipeline/ingest/encoded.h"

namespace lynceus::test {

inline std::shared_ptr<const ingest::EncodedFormat> format_of(int width = 320) {
  gst::init();
  ingest::EncodedFormat format;
  format.width = width;
  format.height = 240;
  format.config = {1, 2, 3};
  return std::make_shared<const ingest::EncodedFormat>(format);
}

struct Coded {
  std::shared_ptr<const ingest::EncodedFormat> format = format_of();
  std::size_t bytes = 100;

  ingest::EncodedUnit at(std::chrono::milliseconds arrived, bool key, std::chrono::milliseconds shown) const {
    ingest::EncodedUnit unit;
    unit.format = format;
    unit.data = {gst_buffer_new_allocate(nullptr, bytes, nullptr), [](GstBuffer* held) { gst_buffer_unref(held); }};
    gst_buffer_memset(unit.data.get(), 0, 7, bytes);
    unit.key = key;
    unit.arrived = MonoTime{arrived};
    unit.pts = shown;
    unit.bytes = bytes;
    return unit;
  }
  ingest::EncodedUnit at(std::chrono::milliseconds arrived, bool key = false) const {
    return at(arrived, key, arrived);
  }
};

}  // namespace lynceus::test

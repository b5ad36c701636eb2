#include "pipeline/ingest/encoded_tap.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace lynceus::ingest {
namespace {

using std::chrono::nanoseconds;

/// A stream's stamps and the clock may drift apart by this much before they are brought together again.
constexpr nanoseconds kApart = std::chrono::seconds{5};

std::optional<EncodedFormat::Codec> codec_of(std::string_view media) {
  if (media == "video/x-h264") return EncodedFormat::Codec::h264;
  if (media == "video/x-h265") return EncodedFormat::Codec::h265;
  if (media == "image/jpeg") return EncodedFormat::Codec::jpeg;
  return std::nullopt;
}

std::vector<std::uint8_t> config_of(const GstStructure* caps) {
  const GValue* value = gst_structure_get_value(caps, "codec_data");
  GstBuffer* buffer = value && GST_VALUE_HOLDS_BUFFER(value) ? gst_value_get_buffer(value) : nullptr;
  GstMapInfo map;
  if (!buffer || !gst_buffer_map(buffer, &map, GST_MAP_READ)) return {};
  std::vector<std::uint8_t> config(map.data, map.data + map.size);
  gst_buffer_unmap(buffer, &map);
  return config;
}

std::shared_ptr<const EncodedFormat> format_of(const GstCaps* caps) {
  if (!caps || gst_caps_get_size(caps) == 0) return nullptr;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  const auto codec = codec_of(gst_structure_get_name(structure));
  if (!codec) return nullptr;
  EncodedFormat format{*codec, 0, 0, config_of(structure)};
  gst_structure_get_int(structure, "width", &format.width);
  gst_structure_get_int(structure, "height", &format.height);
  constexpr int kLongest = 65535;  // what a container can say
  if (format.width < 1 || format.height < 1 || format.width > kLongest || format.height > kLongest) return nullptr;
  if (*codec != EncodedFormat::Codec::jpeg && format.config.empty()) return nullptr;
  return std::make_shared<const EncodedFormat>(std::move(format));
}

/// All the memory a buffer keeps alive; a part of a block counts as the block.
std::size_t kept_by(GstBuffer* buffer) {
  std::size_t bytes = 0;
  for (guint i = 0; i < gst_buffer_n_memory(buffer); ++i) {
    gsize offset = 0, whole = 0;
    gst_memory_get_sizes(gst_buffer_peek_memory(buffer, i), &offset, &whole);
    bytes += std::max<gsize>(whole, 64);
  }
  return bytes + sizeof(EncodedUnit) + 512;  // the buffer itself
}

/// A device has few buffers and waits for each; a small part of a large block would hold all of it.
bool must_be_copied(GstBuffer* buffer) {
  if (buffer->pool) return true;
  for (guint i = 0; i < gst_buffer_n_memory(buffer); ++i) {
    if (!gst_memory_is_type(gst_buffer_peek_memory(buffer, i), GST_ALLOCATOR_SYSMEM)) return true;
  }
  return kept_by(buffer) > 4 * gst_buffer_get_size(buffer) + 4096;
}

std::shared_ptr<GstBuffer> shared(GstBuffer* buffer) {
  GstBuffer* own = must_be_copied(buffer) ? gst_buffer_copy_deep(buffer) : gst_buffer_ref(buffer);
  return {own, [](GstBuffer* held) { gst_buffer_unref(held); }};
}

}  // namespace

gst::CapsPtr storable_caps(const std::string& codec) {
  if (codec == "H.264") return gst::CapsPtr(gst_caps_from_string("video/x-h264,stream-format=avc,alignment=au"));
  if (codec == "H.265") return gst::CapsPtr(gst_caps_from_string("video/x-h265,stream-format=hvc1,alignment=au"));
  return nullptr;
}

void EncodedTap::take_caps(GstPad* pad) {
  gst::CapsPtr caps(gst_pad_get_current_caps(pad));
  if (caps.get() == caps_.get()) return;
  caps_ = std::move(caps);
  auto format = format_of(caps_.get());
  // Caps change for many reasons (a frame rate became known); only a change of these matters.
  if (!format || !format_ || *format != *format_) format_ = std::move(format);
}

nanoseconds EncodedTap::time_of(const GstBuffer* buffer, MonoTime now) {
  const nanoseconds arrived = now.time_since_epoch();
  if (!GST_BUFFER_PTS_IS_VALID(buffer)) return arrived;
  const nanoseconds pts(static_cast<std::int64_t>(std::min<GstClockTime>(GST_BUFFER_PTS(buffer), G_MAXINT64 / 4)));
  const nanoseconds apart = pts + shift_ - arrived;
  if (!anchored_ || apart > kApart || apart < -kApart) shift_ = arrived - pts;
  anchored_ = true;
  return pts + shift_;
}

std::optional<EncodedUnit> EncodedTap::unit_of(GstPad* pad, GstBuffer* buffer, MonoTime now) {
  take_caps(pad);
  if (!format_) return std::nullopt;
  EncodedUnit unit;
  unit.format = format_;
  unit.data = shared(buffer);
  unit.key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  unit.pts = time_of(buffer, now);
  unit.arrived = now;
  unit.bytes = kept_by(unit.data.get());
  return unit;
}

}  // namespace lynceus::ingest

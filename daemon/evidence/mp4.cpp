#include "daemon/evidence/mp4.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/evidence/mp4_boxes.h"

namespace lynceus::daemon {
namespace {

using ingest::EncodedFormat;

constexpr std::uint32_t kTrack = 1;
constexpr std::size_t kMehdSize = 20;

void unity_matrix(Boxes& out) {
  for (const std::uint32_t value : {0x10000U, 0U, 0U, 0U, 0x10000U, 0U, 0U, 0U, 0x40000000U}) out.u32(value);
}

void file_type(Boxes& out) {
  const Box ftyp(out, "ftyp");
  out.text("iso6");
  out.u32(512);
  out.text("iso6mp41");
}

void movie_header(Boxes& out) {
  const Box mvhd(out, "mvhd", 0, 0);
  out.zeros(8);  // creation, modification: told by the file itself
  out.u32(kTicks);
  out.u32(0);
  out.u32(0x10000);
  out.u16(0x100);
  out.zeros(10);
  unity_matrix(out);
  out.zeros(24);
  out.u32(kTrack + 1);
}

void track_header(Boxes& out, const EncodedFormat& format) {
  constexpr std::uint32_t kEnabledInMovie = 3;
  const Box tkhd(out, "tkhd", 0, kEnabledInMovie);
  out.zeros(8);
  out.u32(kTrack);
  out.zeros(4 + 4 + 8 + 8);  // reserved, duration, reserved, layer to volume
  unity_matrix(out);
  out.u32(static_cast<std::uint32_t>(format.width) << 16);
  out.u32(static_cast<std::uint32_t>(format.height) << 16);
}

/// MPEG-4's own name for "each sample is a JPEG".
void jpeg_description(Boxes& out) {
  constexpr std::uint32_t kJpeg = 0x6c, kVisualStream = 0x11;
  const Box esds(out, "esds", 0, 0);
  out.u8(3);  // ES descriptor
  out.u8(21);
  out.u16(kTrack);
  out.u8(0);
  out.u8(4);  // decoder configuration
  out.u8(13);
  out.u8(kJpeg);
  out.u8(kVisualStream);
  out.zeros(3 + 4 + 4);
  out.u8(6);  // synchronisation layer: as MP4 does it
  out.u8(1);
  out.u8(2);
}

std::string_view entry_name(EncodedFormat::Codec codec) {
  if (codec == EncodedFormat::Codec::h264) return "avc1";
  return codec == EncodedFormat::Codec::h265 ? "hvc1" : "mp4v";
}

void sample_description(Boxes& out, const EncodedFormat& format) {
  const Box stsd(out, "stsd", 0, 0);
  out.u32(1);
  const Box entry(out, entry_name(format.codec));
  out.zeros(6);
  out.u16(1);
  out.zeros(16);
  out.u16(static_cast<std::uint32_t>(format.width));
  out.u16(static_cast<std::uint32_t>(format.height));
  out.u32(0x480000);  // 72 dpi
  out.u32(0x480000);
  out.u32(0);
  out.u16(1);
  out.zeros(32);
  out.u16(0x18);
  out.u16(0xffff);
  if (format.codec == EncodedFormat::Codec::jpeg) return jpeg_description(out);
  const Box config(out, format.codec == EncodedFormat::Codec::h264 ? "avcC" : "hvcC");
  out.raw(format.config);
}

/// Fragments say what the tables would: they are there and empty.
void sample_table(Boxes& out, const EncodedFormat& format) {
  const Box stbl(out, "stbl");
  sample_description(out, format);
  for (const char* table : {"stts", "stsc", "stco"}) {
    const Box box(out, table, 0, 0);
    out.u32(0);
  }
  const Box stsz(out, "stsz", 0, 0);
  out.u32(0);
  out.u32(0);
}

void media(Boxes& out, const EncodedFormat& format) {
  const Box mdia(out, "mdia");
  {
    const Box mdhd(out, "mdhd", 0, 0);
    out.zeros(8);
    out.u32(kTicks);
    out.u32(0);
    out.u16(0x55c4);  // no language
    out.u16(0);
  }
  {
    const Box hdlr(out, "hdlr", 0, 0);
    out.u32(0);
    out.text("vide");
    out.zeros(12);
    out.text(std::string_view("Lynceus", 8));
  }
  const Box minf(out, "minf");
  {
    const Box vmhd(out, "vmhd", 0, 1);
    out.zeros(8);
  }
  {
    const Box dinf(out, "dinf");
    const Box dref(out, "dref", 0, 0);
    out.u32(1);
    const Box url(out, "url ", 0, 1);
  }
  sample_table(out, format);
}

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes.first(4)) value = value << 8 | byte;
  return value;
}

}  // namespace

std::vector<std::uint8_t> Mp4::header() {
  Boxes out;
  file_type(out);
  {
    const Box moov(out, "moov");
    movie_header(out);
    {
      const Box trak(out, "trak");
      track_header(out, format_);
      media(out, format_);
    }
    const Box mvex(out, "mvex");
    duration_at_ = out.size();
    {
      const Box room(out, "free");  // becomes `mehd`
      out.zeros(kMehdSize - 8);
    }
    const Box trex(out, "trex", 0, 0);
    out.u32(kTrack);
    out.u32(1);
    out.zeros(12);
  }
  return out.take();
}

std::vector<std::uint8_t> Mp4::duration(std::int64_t ticks) {
  Boxes out;
  {
    const Box mehd(out, "mehd", 1, 0);
    out.u64(static_cast<std::uint64_t>(std::max<std::int64_t>(0, ticks)));
  }
  return out.take();
}

std::vector<std::uint8_t> Mp4::fragment(std::span<const Mp4Sample> samples) {
  constexpr std::uint32_t kBaseIsMoof = 0x20000;
  constexpr std::uint32_t kOffset = 1, kDuration = 0x100, kSize = 0x200, kFlags = 0x400, kComposition = 0x800;
  constexpr std::uint32_t kIsKey = 0x02000000, kDepends = 0x01010000;
  Boxes out;
  std::size_t offset_at = 0;
  {
    const Box moof(out, "moof");
    {
      const Box mfhd(out, "mfhd", 0, 0);
      out.u32(++fragments_);
    }
    const Box traf(out, "traf");
    {
      const Box tfhd(out, "tfhd", 0, kBaseIsMoof);
      out.u32(kTrack);
    }
    {
      const Box tfdt(out, "tfdt", 1, 0);
      out.u64(static_cast<std::uint64_t>(samples.front().dts));
    }
    const Box trun(out, "trun", 1, kOffset | kDuration | kSize | kFlags | kComposition);
    out.u32(static_cast<std::uint32_t>(samples.size()));
    offset_at = out.size();
    out.u32(0);
    for (const Mp4Sample& sample : samples) {
      out.u32(static_cast<std::uint32_t>(sample.lasts));
      out.u32(static_cast<std::uint32_t>(sample.bytes.size()));
      out.u32(sample.key ? kIsKey : kDepends);
      out.i32(sample.shown_after);
    }
  }
  out.put_u32(offset_at, out.size() + 8);
  {
    const Box mdat(out, "mdat");
    for (const Mp4Sample& sample : samples) out.raw(sample.bytes);
  }
  return out.take();
}

std::uint64_t whole_mp4(std::uint64_t size, const std::function<std::vector<std::uint8_t>(std::uint64_t)>& boxes) {
  std::uint64_t at = 0, whole = 0;
  bool described = false;
  while (at + 8 <= size) {
    const auto head = boxes(at);
    if (head.size() < 8) break;
    const std::uint32_t length = big_endian(head);
    const std::string_view type(reinterpret_cast<const char*>(head.data()) + 4, 4);
    if (length < 8 || length > size - at) break;
    at += length;
    if (type == "moov") described = true;
    if (type == "mdat" && described) whole = at;
  }
  return whole;
}

}  // namespace lynceus::daemon

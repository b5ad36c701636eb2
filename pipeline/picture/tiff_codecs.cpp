#include "pipeline/picture/tiff_codecs.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace lynceus::picture::tiff {
namespace {

[[noreturn]] void too_short() { throw BadPicture("its pixels end too early"); }

void copy(Bytes in, std::span<std::uint8_t> out) {
  if (in.size() < out.size()) too_short();
  std::memcpy(out.data(), in.data(), out.size());
}

void unpack_packbits(Bytes in, std::span<std::uint8_t> out) {
  std::size_t at = 0;
  std::size_t put = 0;
  while (put < out.size()) {
    if (at >= in.size()) too_short();
    const auto control = static_cast<std::uint8_t>(in[at++]);
    if (control == 128) continue;
    const bool run = control > 128;
    const std::size_t wanted = run ? 257U - control : control + 1U;
    const std::size_t count = std::min(wanted, out.size() - put);
    if (at + (run ? 1 : count) > in.size()) too_short();
    if (run) {
      std::memset(out.data() + put, static_cast<int>(in[at++]), count);
    } else {
      std::memcpy(out.data() + put, in.data() + at, count);
      at += count;
    }
    put += count;
  }
}

class Inflater {
 public:
  Inflater() {
    if (inflateInit(&stream_) != Z_OK) throw BadPicture("out of memory");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void run(Bytes in, std::span<std::uint8_t> out) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream_, Z_SYNC_FLUSH);
    if (stream_.avail_out == 0) return;
    if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR) too_short();
    throw BadPicture("its Deflate data is damaged");
  }

 private:
  z_stream stream_{};
};

/// TIFF's LZW: most significant bit first, widths 9 to 12, each grown one code early.
class LzwDecoder {
 public:
  LzwDecoder(Bytes in, std::span<std::uint8_t> out) : in_(in), out_(out) {
    for (unsigned i = 0; i < kClear; ++i)
      table_[i] = {0, 1, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i)};
  }

  void run() {
    while (put_ < out_.size()) {
      const unsigned code = next_code();
      if (code == kEnd) too_short();
      if (code == kClear) {
        restart();
      } else {
        take(code);
      }
    }
  }

 private:
  static constexpr unsigned kClear = 256, kEnd = 257, kFirst = 258, kTable = 4096, kNone = kTable;
  struct Entry {
    std::uint16_t prefix;
    std::uint16_t length;  // at most kTable
    std::uint8_t first, last;
  };

  unsigned next_code() {
    while (held_ < width_) {
      if (at_ >= in_.size()) too_short();
      bits_ = (bits_ << 8) | static_cast<std::uint8_t>(in_[at_++]);
      held_ += 8;
    }
    held_ -= width_;
    return (bits_ >> held_) & ((1U << width_) - 1);
  }

  void restart() {
    width_ = 9;
    next_ = kFirst;
    previous_ = kNone;
  }

  void take(unsigned code) {
    const bool known = code < kClear || (code >= kFirst && code < next_);
    const bool the_one_in_the_making = code == next_ && previous_ != kNone && next_ < kTable;
    if (!known && !the_one_in_the_making) throw BadPicture("its LZW data is damaged");
    if (previous_ != kNone) learn(known ? table_[code].first : table_[previous_].first);
    emit(code);
    previous_ = code;
  }

  void learn(std::uint8_t last) {
    if (next_ >= kTable) return;
    const Entry& before = table_[previous_];
    table_[next_] = {static_cast<std::uint16_t>(previous_), static_cast<std::uint16_t>(before.length + 1), before.first,
                     last};
    ++next_;
    if (next_ + 1 == (1U << width_) && width_ < 12) ++width_;
  }

  /// Words are chained backwards, so they are written from their end; what does not fit is left out.
  void emit(unsigned code) {
    const std::size_t length = table_[code].length;
    const std::size_t room = out_.size() - put_;
    for (std::size_t i = length; i-- > 0; code = table_[code].prefix) {
      if (i < room) out_[put_ + i] = table_[code].last;
    }
    put_ += std::min(length, room);
  }

  Bytes in_;
  std::span<std::uint8_t> out_;
  std::size_t at_ = 0, put_ = 0;
  std::uint32_t bits_ = 0;
  unsigned held_ = 0, width_ = 9, next_ = kFirst, previous_ = kNone;
  std::array<Entry, kTable> table_{};
};

template <class T>
void add_up(std::span<T> row, std::size_t samples) {
  for (std::size_t i = samples; i < row.size(); ++i) row[i] = static_cast<T>(row[i] + row[i - samples]);
}

}  // namespace

void unpack(Packing packing, Bytes in, std::span<std::uint8_t> out) {
  switch (packing) {
    case Packing::none:
      return copy(in, out);
    case Packing::packbits:
      return unpack_packbits(in, out);
    case Packing::lzw:
      return LzwDecoder(in, out).run();
    case Packing::deflate:
    case Packing::old_deflate:
      return Inflater().run(in, out);
  }
  throw BadPicture("its compression " + std::to_string(static_cast<std::uint32_t>(packing)) + " is not supported");
}

void undo_differences(std::span<std::uint8_t> row, std::size_t samples) { add_up(row, samples); }
void undo_differences(std::span<std::uint16_t> row, std::size_t samples) { add_up(row, samples); }

}  // namespace lynceus::picture::tiff

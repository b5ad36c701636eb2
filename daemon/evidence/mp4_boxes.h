// The bytes of ISO base media boxes: big-endian numbers and lengths filled in when a box ends. Thread: bound to its
// owner.
//
//   Boxes out;   { Box moov(out, "moov"); { Box mvhd(out, "mvhd", 0, 0); out.u32(…); } }
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace lynceus::daemon {

class Boxes {
 public:
  void u8(std::uint32_t value) { bytes_.push_back(static_cast<std::uint8_t>(value)); }
  void u16(std::uint32_t value) { number(value, 2); }
  void u24(std::uint32_t value) { number(value, 3); }
  void u32(std::uint32_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  void i32(std::int64_t value) { u32(static_cast<std::uint32_t>(static_cast<std::int32_t>(value))); }
  void zeros(std::size_t count) { bytes_.insert(bytes_.end(), count, 0); }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void raw(std::span<const std::uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  std::size_t size() const { return bytes_.size(); }
  /// Writes a number over four bytes that are there.
  void put_u32(std::size_t at, std::size_t value) {
    for (int i = 0; i < 4; ++i)
      bytes_[at + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  void number(std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  std::vector<std::uint8_t> bytes_;
};

/// A box from here to the end of the scope: end it before the bytes are taken.
class Box {
 public:
  Box(Boxes& out, std::string_view type) : out_(out), begin_(out.size()) {
    out.u32(0);
    out.text(type);
  }
  Box(Boxes& out, std::string_view type, std::uint32_t version, std::uint32_t flags) : Box(out, type) {
    out.u8(version);
    out.u24(flags);
  }
  ~Box() { out_.put_u32(begin_, out_.size() - begin_); }
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;

 private:
  Boxes& out_;
  const std::size_t begin_;
};

}  // namespace lynceus::daemon

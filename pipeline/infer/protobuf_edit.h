// Writing what protobuf.h reads: a message copied field by field, some fields otherwise. Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pipeline/infer/protobuf.h"

namespace lynceus::infer::protobuf {

using Out = std::vector<std::byte>;

inline void put_varint(Out& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(std::byte(value & 0x7f) | std::byte{0x80});
  out.push_back(std::byte(value));
}

inline void put(Out& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

inline void put_number(Out& out, std::uint64_t number, std::uint64_t value) {
  put_varint(out, number << 3);
  put_varint(out, value);
}

inline void put_message(Out& out, std::uint64_t number, const Out& message) {
  put_varint(out, number << 3 | 2);
  put_varint(out, message.size());
  put(out, message);
}

/// Copies a message field by field; `change(field, out)` writes those it wants otherwise and says so.
template <class Change>
Out copied(Bytes message, Change change) {
  Out out;
  Message fields(message);
  for (Bytes before = fields.rest(); const auto field = fields.next(); before = fields.rest()) {
    if (!change(*field, out)) put(out, before.first(before.size() - fields.rest().size()));
  }
  return out;
}

}  // namespace lynceus::infer::protobuf

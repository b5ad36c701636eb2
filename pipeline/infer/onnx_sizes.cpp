#include "pipeline/infer/onnx_sizes.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "pipeline/infer/protobuf.h"

namespace lynceus::infer {
namespace {

using protobuf::Bytes;
using protobuf::Message;
using Out = std::vector<std::byte>;

// ModelProto.graph, GraphProto.input, ValueInfoProto.type, TypeProto.tensor_type, Tensor.shape: field numbers of
// onnx.proto.
constexpr std::array<std::uint64_t, 5> kToShape{7, 11, 2, 1, 2};
constexpr std::uint64_t kDim = 1, kDimValue = 1;
constexpr int kFirstSize = 2;  // after batch and channels

void put_varint(Out& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(std::byte(value & 0x7f) | std::byte{0x80});
  out.push_back(std::byte(value));
}

void put(Out& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void put_message(Out& out, std::uint64_t number, const Out& message) {
  put_varint(out, number << 3 | 2);
  put_varint(out, message.size());
  put(out, message);
}

bool is_open(Bytes dim) {
  bool open = true;
  protobuf::each(dim, kDimValue, [&](const protobuf::Field& field) { open = field.value == 0; });
  return open;
}

/// Copies a message field by field; `change` writes those it wants otherwise and says so.
template <class Change>
Out copied(Bytes message, Change change) {
  Out out;
  Message fields(message);
  for (Bytes before = fields.rest(); const auto field = fields.next(); before = fields.rest()) {
    if (!change(*field, out)) put(out, before.first(before.size() - fields.rest().size()));
  }
  return out;
}

struct Sizes {
  int batch, side;
};

Out shape_with(Bytes shape, Sizes sizes) {
  int count = 0;
  return copied(shape, [&](const protobuf::Field& field, Out& out) {
    if (field.number != kDim || !field.is_bytes) return false;
    const int index = count++;
    if ((index != 0 && index < kFirstSize) || !is_open(field.bytes)) return false;
    Out dim;
    put_varint(dim, kDimValue << 3);
    put_varint(dim, std::uint64_t(index == 0 ? sizes.batch : sizes.side));
    put_message(out, kDim, dim);
    return true;
  });
}

Out changed(Bytes message, std::size_t depth, Sizes sizes) {
  if (depth == kToShape.size()) return shape_with(message, sizes);
  return copied(message, [&](const protobuf::Field& field, Out& out) {
    if (field.number != kToShape[depth] || !field.is_bytes) return false;
    put_message(out, field.number, changed(field.bytes, depth + 1, sizes));
    return true;
  });
}

}  // namespace

std::vector<std::byte> with_open_sizes(std::span<const std::byte> model, int batch, int side) {
  return changed(model, 0, {batch, side});
}

}  // namespace lynceus::infer

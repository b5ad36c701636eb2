#include "pipeline/infer/onnx_sizes.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "pipeline/infer/protobuf_edit.h"

namespace lynceus::infer {
namespace {

using protobuf::Bytes;
using protobuf::copied;
using protobuf::Out;
using protobuf::put_message;
using protobuf::put_number;

// ModelProto.graph, GraphProto.input, ValueInfoProto.type, TypeProto.tensor_type, Tensor.shape: field numbers of
// onnx.proto.
constexpr std::array<std::uint64_t, 5> kToShape{7, 11, 2, 1, 2};
constexpr std::uint64_t kDim = 1, kDimValue = 1;
constexpr int kFirstSize = 2;  // after batch and channels

bool is_open(Bytes dim) {
  bool open = true;
  protobuf::each(dim, kDimValue, [&](const protobuf::Field& field) { open = field.value == 0; });
  return open;
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
    put_number(dim, kDimValue, std::uint64_t(index == 0 ? sizes.batch : sizes.side));
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

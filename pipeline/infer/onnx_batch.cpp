#include "pipeline/infer/onnx_batch.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "pipeline/infer/protobuf_edit.h"

namespace lynceus::infer {
namespace {

using protobuf::Bytes;
using protobuf::copied;
using protobuf::each;
using protobuf::Field;
using protobuf::Message;
using protobuf::Out;
using protobuf::put;
using protobuf::put_message;
using protobuf::put_number;
using protobuf::put_varint;

// Field numbers of onnx.proto.
// clang-format off
namespace graph { constexpr std::uint64_t node = 1, initializer = 5, input = 11; }
namespace node { constexpr std::uint64_t input = 1, output = 2, op = 4, attribute = 5; }
namespace attribute { constexpr std::uint64_t tensor = 5; }
namespace tensor { constexpr std::uint64_t type = 2, int64s = 7, name = 8, raw = 9; }
namespace value_info { constexpr std::uint64_t name = 1, type = 2; }
namespace shape { constexpr std::uint64_t dim = 1; }
// clang-format on
constexpr std::uint64_t kGraph = 7, kTensorType = 1, kShape = 2, kDimValue = 1, kInt64 = 7;

using Names = std::set<std::string>;

std::string text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string text_of(Bytes message, std::uint64_t number) {
  std::string out;
  each(message, number, [&](const Field& field) { out = text(field.bytes); });
  return out;
}

/// What reshapes take their new dimensions from.
Names shapes_in(Bytes graph_bytes) {
  Names names;
  each(graph_bytes, graph::node, [&](const Field& field) {
    if (text_of(field.bytes, node::op) != "Reshape") return;
    int index = 0;
    each(field.bytes, node::input, [&](const Field& input) {
      if (index++ == 1) names.insert(text(input.bytes));
    });
  });
  return names;
}

Names weights_in(Bytes graph_bytes) {
  Names names;
  each(graph_bytes, graph::initializer, [&](const Field& field) { names.insert(text_of(field.bytes, tensor::name)); });
  return names;
}

/// Eight bytes a number, the least first.
Out raw_with_first(Bytes raw, std::uint64_t first) {
  Out out(raw.begin(), raw.end());
  if (out.size() < 8 || out[0] != std::byte{1} ||
      std::any_of(out.begin() + 1, out.begin() + 8, [](auto b) { return b != std::byte{}; })) {
    return out;
  }
  for (std::size_t i = 0; i < 8; ++i) out[i] = std::byte(first >> (8 * i) & 0xff);
  return out;
}

Out packed_with_first(Bytes packed, std::uint64_t first) {
  Message numbers(packed);
  Out out;
  if (!numbers.empty()) {
    const std::uint64_t was = numbers.varint();
    put_varint(out, was == 1 ? first : was);
  }
  put(out, numbers.rest());
  return out;
}

/// A list of 64-bit numbers with another first one where that was 1.
Out tensor_with_first(Bytes bytes, std::uint64_t first) {
  std::uint64_t kind = 0;
  each(bytes, tensor::type, [&](const Field& field) { kind = field.value; });
  bool seen = false;
  return copied(bytes, [&](const Field& field, Out& out) {
    if (kind != kInt64) return false;
    if (field.number == tensor::raw) {
      put_message(out, tensor::raw, raw_with_first(field.bytes, first));
    } else if (field.number == tensor::int64s && field.is_bytes) {
      put_message(out, tensor::int64s, packed_with_first(field.bytes, first));
    } else if (field.number == tensor::int64s && !seen) {
      put_number(out, tensor::int64s, field.value == 1 ? first : field.value);
    } else {
      return false;
    }
    return seen = true;
  });
}

/// A Constant that a reshape reads.
Out node_with(Bytes bytes, const Names& shapes, std::uint64_t batch) {
  const bool meant = text_of(bytes, node::op) == "Constant" && shapes.count(text_of(bytes, node::output)) > 0;
  return copied(bytes, [&](const Field& field, Out& out) {
    if (!meant || field.number != node::attribute) return false;
    put_message(out, node::attribute, copied(field.bytes, [&](const Field& inner, Out& into) {
                  if (inner.number != attribute::tensor || !inner.is_bytes) return false;
                  put_message(into, attribute::tensor, tensor_with_first(inner.bytes, batch));
                  return true;
                }));
    return true;
  });
}

Out shape_with(Bytes bytes, std::uint64_t batch) {
  int index = 0;
  return copied(bytes, [&](const Field& field, Out& out) {
    if (field.number != shape::dim || index++ != 0) return false;
    Out dim;
    put_number(dim, kDimValue, batch);
    put_message(out, shape::dim, dim);
    return true;
  });
}

/// One field of a message of messages, rewritten.
template <class Rewrite>
Out inside(Bytes bytes, std::uint64_t number, Rewrite rewrite) {
  return copied(bytes, [&](const Field& field, Out& out) {
    if (field.number != number || !field.is_bytes) return false;
    put_message(out, number, rewrite(field.bytes));
    return true;
  });
}

Out input_with(Bytes bytes, std::uint64_t batch) {
  return inside(bytes, value_info::type, [batch](Bytes type) {
    return inside(type, kTensorType, [batch](Bytes tensor_type) {
      return inside(tensor_type, kShape, [batch](Bytes dims) { return shape_with(dims, batch); });
    });
  });
}

Out graph_with(Bytes bytes, std::uint64_t batch) {
  const Names shapes = shapes_in(bytes), weights = weights_in(bytes);
  return copied(bytes, [&](const Field& field, Out& out) {
    if (field.number == graph::node) {
      put_message(out, graph::node, node_with(field.bytes, shapes, batch));
    } else if (field.number == graph::initializer && shapes.count(text_of(field.bytes, tensor::name)) > 0) {
      put_message(out, graph::initializer, tensor_with_first(field.bytes, batch));
    } else if (field.number == graph::input && weights.count(text_of(field.bytes, value_info::name)) == 0) {
      put_message(out, graph::input, input_with(field.bytes, batch));
    } else {
      return false;
    }
    return true;
  });
}

}  // namespace

bool is_made_for_one(const OnnxSignature& signature) {
  return std::all_of(signature.inputs.begin(), signature.inputs.end(),
                     [](const OnnxPort& port) { return !port.dims.empty() && port.dims[0] == 1; });
}

std::vector<std::byte> with_batch(std::span<const std::byte> model, int batch) {
  return inside(model, kGraph, [batch](Bytes graph_bytes) { return graph_with(graph_bytes, std::uint64_t(batch)); });
}

}  // namespace lynceus::infer

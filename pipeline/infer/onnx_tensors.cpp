#include "pipeline/infer/onnx_tensors.h"

#include <stdexcept>

namespace lynceus::infer {
namespace {

using protobuf::Bytes;
using protobuf::Field;
using protobuf::Message;

// Field numbers of TensorProto, NodeProto and AttributeProto.
constexpr std::uint64_t kDims = 1, kType = 2, kFloats = 4, kInt32s = 5, kStrings = 6, kInt64s = 7, kRaw = 9,
                        kDoubles = 10, kUint64s = 11, kLocation = 14;
constexpr std::uint64_t kAttribute = 5, kAttributeTensor = 5, kAttributeGraph = 6, kAttributeTensors = 10,
                        kAttributeGraphs = 11, kAttributeSparse = 22, kAttributeSparses = 23;
constexpr std::uint64_t kGraphNode = 1, kGraphInitializer = 5, kGraphSparse = 15;

/// Loops and branches hold graphs of their own.
constexpr int kDeepest = 8;

/// More than any weight we could hold.
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 32;

/// What a TensorProto says and what it holds.
struct Tensor {
  std::uint64_t elements = 1;
  std::uint64_t type = 0;
  bool raw = false;
  std::uint64_t raw_bytes = 0;
  std::uint64_t values = 0;
};

[[noreturn]] void unsupported() { throw std::runtime_error("a weight has an unsupported type"); }

std::uint64_t element_bytes(std::uint64_t type) {
  switch (type) {
    case 2:  // uint8
    case 3:  // int8
    case 9:  // bool
      return 1;
    case 4:   // uint16
    case 5:   // int16
    case 10:  // float16
      return 2;
    case 1:   // float
    case 6:   // int32
    case 12:  // uint32
      return 4;
    case 7:   // int64
    case 11:  // double
    case 13:  // uint64
      return 8;
    default:
      unsupported();
  }
}

void add_dim(Tensor& tensor, std::uint64_t dim) {
  if (dim != 0 && tensor.elements > kMostElements / dim) protobuf::damaged();
  tensor.elements *= dim;
}

/// Lists of numbers come packed in one field or each in its own.
template <class Add>
void each_number(const Field& field, Add add) {
  if (!field.is_bytes) return add(field.value);
  for (Message packed(field.bytes); !packed.empty();) add(packed.varint());
}

void read_field(Tensor& tensor, const Field& field) {
  switch (field.number) {
    case kDims:
      return each_number(field, [&](std::uint64_t dim) { add_dim(tensor, dim); });
    case kType:
      tensor.type = field.value;
      return;
    case kRaw:
      tensor.raw = field.is_bytes && !field.bytes.empty();
      tensor.raw_bytes = field.bytes.size();
      return;
    case kFloats:
      tensor.values += field.bytes.size() / 4;
      return;
    case kDoubles:
      tensor.values += field.bytes.size() / 8;
      return;
    case kInt32s:
    case kInt64s:
    case kUint64s:
      return each_number(field, [&](std::uint64_t) { ++tensor.values; });
    case kStrings:
      unsupported();
    case kLocation:
      if (field.value != 0) throw std::runtime_error("its weights are kept in another file");
      return;
    default:
      return;
  }
}

void check_graph(Bytes graph, int depth);

void check_attribute_field(const Field& field, int depth) {
  switch (field.number) {
    case kAttributeTensor:
    case kAttributeTensors:
      return check_onnx_tensor(field.bytes);
    case kAttributeGraph:
    case kAttributeGraphs:
      return check_graph(field.bytes, depth + 1);
    case kAttributeSparse:
    case kAttributeSparses:
      unsupported();
    default:
      return;
  }
}

void check_node(Bytes node, int depth) {
  protobuf::each(node, kAttribute, [&](const Field& attribute) {
    Message fields(attribute.bytes);
    while (const auto field = fields.next()) check_attribute_field(*field, depth);
  });
}

void check_graph(Bytes graph, int depth) {
  if (depth > kDeepest) throw std::runtime_error("its graphs are nested too deep");
  Message fields(graph);
  while (const auto field = fields.next()) {
    if (field->number == kGraphNode) check_node(field->bytes, depth);
    if (field->number == kGraphInitializer) check_onnx_tensor(field->bytes);
    if (field->number == kGraphSparse) unsupported();
  }
}

}  // namespace

void check_onnx_tensor(Bytes bytes) {
  Tensor tensor;
  Message fields(bytes);
  while (const auto field = fields.next()) read_field(tensor, *field);
  const std::uint64_t size = element_bytes(tensor.type);
  const bool whole = tensor.raw ? tensor.raw_bytes == tensor.elements * size : tensor.values == tensor.elements;
  if (!whole) throw std::runtime_error("a weight is not as large as it says");
}

void check_onnx_node(Bytes node) { check_node(node, 0); }

}  // namespace lynceus::infer

#include "pipeline/infer/onnx_signature.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>

namespace lynceus::infer {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t kMostPorts = 256, kMostDims = 16;

[[noreturn]] void damaged() { throw std::runtime_error("not an ONNX model, or damaged"); }

/// One field of a protobuf message: a number or a run of bytes.
struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;
  Bytes bytes;
};

/// Walks the fields of one message; never beyond its bytes.
class Message {
 public:
  explicit Message(Bytes bytes) : left_(bytes) {}

  std::optional<Field> next() {
    if (left_.empty()) return std::nullopt;
    const std::uint64_t key = varint();
    Field field{.number = key >> 3, .value = 0, .bytes = {}};
    switch (key & 7) {
      case 0:
        field.value = varint();
        break;
      case 1:
        take(8);
        break;
      case 2:
        field.bytes = take(varint());
        break;
      case 5:
        take(4);
        break;
      default:
        damaged();
    }
    return field;
  }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<std::uint64_t>(take(1)[0]);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    damaged();
  }

  Bytes take(std::uint64_t count) {
    if (count > left_.size()) damaged();
    const Bytes taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }

  Bytes left_;
};

template <class Visit>
void each(Bytes message, std::uint64_t number, Visit visit) {
  Message fields(message);
  while (const auto field = fields.next()) {
    if (field->number == number) visit(*field);
  }
}

std::string text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// Field numbers of onnx.proto.
namespace model { constexpr std::uint64_t graph = 7; }
namespace graph { constexpr std::uint64_t initializer = 5, input = 11, output = 12; }
namespace tensor { constexpr std::uint64_t name = 8; }
namespace value_info { constexpr std::uint64_t name = 1, type = 2; }
namespace type { constexpr std::uint64_t tensor = 1; }
namespace tensor_type { constexpr std::uint64_t element = 1, shape = 2; }
namespace shape { constexpr std::uint64_t dim = 1; }
namespace dimension { constexpr std::uint64_t value = 1; }
constexpr std::uint64_t kFloat = 1;

void read_dim(Bytes bytes, OnnxPort& port) {
  if (port.dims.size() == kMostDims) damaged();
  int dim = -1;
  each(bytes, dimension::value, [&](const Field& field) {
    if (field.value > 0 && field.value <= INT32_MAX) dim = static_cast<int>(field.value);
  });
  port.dims.push_back(dim);
}

void read_type(Bytes bytes, OnnxPort& port) {
  each(bytes, type::tensor, [&](const Field& tensor) {
    each(tensor.bytes, tensor_type::element, [&](const Field& f) { port.is_float = f.value == kFloat; });
    each(tensor.bytes, tensor_type::shape, [&](const Field& dims) {
      each(dims.bytes, shape::dim, [&](const Field& dim) { read_dim(dim.bytes, port); });
    });
  });
}

OnnxPort read_port(Bytes bytes) {
  OnnxPort port;
  each(bytes, value_info::name, [&](const Field& field) { port.name = text(field.bytes); });
  each(bytes, value_info::type, [&](const Field& field) { read_type(field.bytes, port); });
  return port;
}

void add_port(std::vector<OnnxPort>& ports, const Field& field) {
  if (ports.size() == kMostPorts) damaged();
  ports.push_back(read_port(field.bytes));
}

void read_graph(Bytes bytes, OnnxSignature& signature) {
  // Old exporters list the weights among the inputs.
  std::set<std::string> weights;
  std::vector<OnnxPort> inputs;
  Message fields(bytes);
  while (const auto field = fields.next()) {
    if (field->number == graph::output) add_port(signature.outputs, *field);
    if (field->number == graph::input) inputs.push_back(read_port(field->bytes));
    if (field->number == graph::initializer) {
      each(field->bytes, tensor::name, [&](const Field& name) { weights.insert(text(name.bytes)); });
    }
  }
  for (OnnxPort& port : inputs) {
    if (weights.count(port.name) == 0) signature.inputs.push_back(std::move(port));
  }
}

}  // namespace

OnnxSignature read_onnx_signature(Bytes bytes) {
  OnnxSignature signature;
  each(bytes, model::graph, [&](const Field& field) { read_graph(field.bytes, signature); });
  if (signature.inputs.empty() || signature.outputs.empty() || signature.inputs.size() > kMostPorts) damaged();
  return signature;
}

}  // namespace lynceus::infer

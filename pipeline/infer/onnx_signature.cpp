#include "pipeline/infer/onnx_signature.h"

#include <cstdint>
#include <set>
#include <stdexcept>
#include <utility>

#include "pipeline/infer/onnx_tensors.h"
#include "pipeline/infer/protobuf.h"

namespace lynceus::infer {
namespace {

using protobuf::Bytes;
using protobuf::damaged;
using protobuf::each;
using protobuf::Field;
using protobuf::Message;

constexpr std::size_t kMostPorts = 256, kMostDims = 16;

std::string text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// Field numbers of onnx.proto.
// clang-format off
namespace model { constexpr std::uint64_t graph = 7, function = 25; }
namespace function { constexpr std::uint64_t node = 7; }
namespace graph { constexpr std::uint64_t node = 1, initializer = 5, input = 11, output = 12, sparse = 15; }
namespace node { constexpr std::uint64_t input = 1, output = 2; }
namespace tensor { constexpr std::uint64_t name = 8; }
namespace value_info { constexpr std::uint64_t name = 1, type = 2; }
namespace type { constexpr std::uint64_t tensor = 1; }
namespace tensor_type { constexpr std::uint64_t element = 1, shape = 2; }
namespace shape { constexpr std::uint64_t dim = 1; }
namespace dimension { constexpr std::uint64_t value = 1; }
// clang-format on
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

/// What a graph's nodes read and make, by name.
struct Names {
  std::set<std::string> made, read;
};

void read_node(Bytes bytes, Names& names) {
  check_onnx_node(bytes);
  each(bytes, node::input, [&](const Field& field) { names.read.insert(text(field.bytes)); });
  each(bytes, node::output, [&](const Field& field) { names.made.insert(text(field.bytes)); });
}

/// OpenCV crashes on a convolution whose weights are not there.
void check_names(const Names& names) {
  for (const std::string& name : names.read) {
    if (!name.empty() && names.made.count(name) == 0) throw std::runtime_error("nothing makes its tensor " + name);
  }
}

void read_graph(Bytes bytes, OnnxSignature& signature) {
  Names names;
  std::set<std::string> weights;
  std::vector<OnnxPort> inputs;
  Message fields(bytes);
  while (const auto field = fields.next()) {
    if (field->number == graph::node) read_node(field->bytes, names);
    if (field->number == graph::output) add_port(signature.outputs, *field);
    if (field->number == graph::input) inputs.push_back(read_port(field->bytes));
    if (field->number == graph::sparse) throw std::runtime_error("a weight has an unsupported type");
    if (field->number == graph::initializer) {
      check_onnx_tensor(field->bytes);
      each(field->bytes, tensor::name, [&](const Field& name) { weights.insert(text(name.bytes)); });
    }
  }
  names.made.insert(weights.begin(), weights.end());
  for (OnnxPort& port : inputs) {
    names.made.insert(port.name);
    // Old exporters list the weights among the inputs.
    if (weights.count(port.name) == 0) signature.inputs.push_back(std::move(port));
  }
  for (const OnnxPort& port : signature.outputs) names.read.insert(port.name);
  check_names(names);
}

void check_input(const OnnxPort& port, int batch) {
  if (!port.is_float) throw std::runtime_error("input " + port.name + " is not 32-bit float");
  if (!port.dims.empty() && port.dims[0] != -1 && port.dims[0] != batch) {
    throw std::runtime_error("made for a batch of " + std::to_string(port.dims[0]) + ", not " + std::to_string(batch));
  }
}

}  // namespace

OnnxSignature read_onnx_signature(Bytes bytes) {
  OnnxSignature signature;
  each(bytes, model::graph, [&](const Field& field) { read_graph(field.bytes, signature); });
  each(bytes, model::function, [](const Field& field) {
    each(field.bytes, function::node, [](const Field& inner) { check_onnx_node(inner.bytes); });
  });
  if (signature.inputs.empty() || signature.outputs.empty() || signature.inputs.size() > kMostPorts) damaged();
  return signature;
}

std::vector<std::vector<int>> input_shapes_at(const OnnxSignature& signature, int batch) {
  std::vector<std::vector<int>> shapes;
  for (const OnnxPort& port : signature.inputs) {
    check_input(port, batch);
    if (!port.dims.empty()) shapes.emplace_back(port.dims.begin() + 1, port.dims.end());
  }
  if (shapes.size() != signature.inputs.size()) shapes.clear();
  return shapes;
}

}  // namespace lynceus::infer

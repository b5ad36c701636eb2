#include "tests/support/tiny_onnx.h"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace lynceus::test {
namespace {

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}

std::string number(int field, std::uint64_t value) {
  return varint(static_cast<std::uint64_t>(field) << 3) + varint(value);
}

std::string bytes_field(int field, std::string_view bytes) {
  return varint(static_cast<std::uint64_t>(field) << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}

constexpr int kFloat = 1, kInt64 = 7;

std::string port(std::string_view name, const std::vector<int>& dims) {
  std::string shape;
  for (const int d : dims) shape += bytes_field(1, d < 0 ? bytes_field(2, "N") : number(1, static_cast<unsigned>(d)));
  const std::string type = bytes_field(1, number(1, kFloat) + bytes_field(2, shape));
  return bytes_field(1, name) + bytes_field(2, type);
}

std::string tensor(std::string_view name, const std::vector<int>& dims, int type, std::string_view raw) {
  std::string out;
  for (const int d : dims) out += number(1, static_cast<unsigned>(d));
  return out + number(2, static_cast<unsigned>(type)) + bytes_field(8, name) + bytes_field(9, raw);
}

template <class T>
std::string raw(const std::vector<T>& values) {
  std::string out(values.size() * sizeof(T), '\0');
  std::memcpy(out.data(), values.data(), out.size());
  return out;
}

std::string ints_attribute(std::string_view name, const std::vector<int>& values) {
  constexpr int kInts = 7;
  std::string out = bytes_field(1, name);
  for (const int v : values) out += number(8, static_cast<unsigned>(v));
  return bytes_field(5, out + number(20, kInts));
}

std::string node_bytes(std::string_view op, const std::vector<std::string>& inputs, std::string_view output,
                       const std::string& attributes = {}) {
  std::string out;
  for (const std::string& in : inputs) out += bytes_field(1, in);
  return out + bytes_field(2, output) + bytes_field(3, "node_" + std::string(output)) + bytes_field(4, op) + attributes;
}

}  // namespace

TinyOnnx& TinyOnnx::input(std::string_view name, const std::vector<int>& dims) {
  inputs_ += bytes_field(11, port(name, dims));
  return *this;
}

TinyOnnx& TinyOnnx::output(std::string_view name, const std::vector<int>& dims) {
  outputs_ += bytes_field(12, port(name, dims));
  return *this;
}

TinyOnnx& TinyOnnx::constant(std::string_view name, const std::vector<int>& dims, const std::vector<float>& values) {
  initializers_ += bytes_field(5, tensor(name, dims, kFloat, raw(values)));
  return *this;
}

TinyOnnx& TinyOnnx::node(std::string_view op, const std::vector<std::string>& inputs, std::string_view output) {
  nodes_ += bytes_field(1, node_bytes(op, inputs, output));
  return *this;
}

TinyOnnx& TinyOnnx::conv(std::string_view input, std::string_view weights, std::string_view output,
                         std::pair<int, int> kernel) {
  const std::string shape = ints_attribute("kernel_shape", {kernel.first, kernel.second});
  nodes_ += bytes_field(1, node_bytes("Conv", {std::string(input), std::string(weights)}, output, shape));
  return *this;
}

TinyOnnx& TinyOnnx::reshape(std::string_view input, std::string_view output, const std::vector<int>& dims) {
  const std::string name = "shape" + std::to_string(unnamed_++);
  const std::vector<std::int64_t> wide(dims.begin(), dims.end());
  initializers_ += bytes_field(5, tensor(name, {static_cast<int>(dims.size())}, kInt64, raw(wide)));
  return node("Reshape", {std::string(input), name}, output);
}

TinyOnnx& TinyOnnx::flatten(std::string_view input, std::string_view output) {
  return node("Flatten", {std::string(input)}, output);
}

TinyOnnx& TinyOnnx::constant_elsewhere(std::string_view name, const std::vector<int>& dims, std::string_view file) {
  constexpr int kExternal = 1;
  const std::string where = bytes_field(13, bytes_field(1, "location") + bytes_field(2, file));
  initializers_ += bytes_field(5, tensor(name, dims, kFloat, "") + where + number(14, kExternal));
  return *this;
}

TinyOnnx& TinyOnnx::holding(std::string_view op, const std::vector<std::string>& inputs, std::string_view output,
                            const TinyOnnx& body) {
  constexpr int kGraph = 5;
  const std::string attribute = bytes_field(1, "body") + bytes_field(6, body.graph()) + number(20, kGraph);
  nodes_ += bytes_field(1, node_bytes(op, inputs, output, bytes_field(5, attribute)));
  return *this;
}

std::string TinyOnnx::graph() const { return nodes_ + bytes_field(2, "tiny") + initializers_ + inputs_ + outputs_; }

std::string TinyOnnx::bytes() const {
  const std::string opset = number(2, 11);
  return number(1, 7) + bytes_field(7, graph()) + bytes_field(8, opset);
}

std::string write_file(const std::string& folder, const std::string& name, std::string_view bytes) {
  const auto path = std::filesystem::path(folder) / name;
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path.string();
}

}  // namespace lynceus::test

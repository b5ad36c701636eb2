// ONNX files of a few bytes, written field by field, for tests with a real engine.
//
//   auto bytes = TinyOnnx().input("x", {1, 2}).relu("x", "y").output("y", {1, 2}).bytes();
//
// A dimension of -1 is left open (dim_param "N").
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lynceus::test {

class TinyOnnx {
 public:
  TinyOnnx& input(std::string_view name, const std::vector<int>& dims);
  TinyOnnx& output(std::string_view name, const std::vector<int>& dims);
  TinyOnnx& constant(std::string_view name, const std::vector<int>& dims, const std::vector<float>& values);
  TinyOnnx& node(std::string_view op, const std::vector<std::string>& inputs, std::string_view output);
  /// A 1×1 or larger convolution without padding; the weights are a constant of dims {out, in, kh, kw}.
  TinyOnnx& conv(std::string_view input, std::string_view weights, std::string_view output, std::pair<int, int> kernel);
  /// Reshape to fixed dimensions: what ties a network to one batch size.
  TinyOnnx& reshape(std::string_view input, std::string_view output, const std::vector<int>& dims);
  TinyOnnx& flatten(std::string_view input, std::string_view output);
  /// Weights that are said to lie in another file.
  TinyOnnx& constant_elsewhere(std::string_view name, const std::vector<int>& dims, std::string_view file);
  /// A node of this kind whose attribute `body` is that network's graph, as loops and branches have one.
  TinyOnnx& holding(std::string_view op, const std::vector<std::string>& inputs, std::string_view output,
                    const TinyOnnx& body);

  std::string bytes() const;

 private:
  std::string graph() const;

  std::string nodes_, initializers_, inputs_, outputs_;
  int unnamed_ = 0;
};

/// Writes bytes to a file below the test's own temporary folder and gives its path.
std::string write_file(const std::string& folder, const std::string& name, std::string_view bytes);

}  // namespace lynceus::test

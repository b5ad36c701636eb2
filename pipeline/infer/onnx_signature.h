// What an ONNX file says of its inputs and outputs, read without any engine: OpenCV 4.6 neither lists the inputs nor
// minds a batch the network was not made for. A bounded reader of the few protobuf fields needed. Thread: any.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace lynceus::infer {

struct OnnxPort {
  std::string name;
  std::vector<int> dims;  ///< -1: left open; empty: the file does not tell
  bool is_float = true;   ///< 32-bit
};

struct OnnxSignature {
  std::vector<OnnxPort> inputs;  ///< without initializers
  std::vector<OnnxPort> outputs;
};

/// Throws std::runtime_error when the bytes are no ONNX model, or one whose weights are not as large as they say.
OnnxSignature read_onnx_signature(std::span<const std::byte> bytes);

/// Dimensions of each input without the batch; empty: the file does not tell. Throws std::runtime_error when the file
/// was made for another batch or is not fed 32-bit floats. A file made for one batch size is never run at another:
/// OpenCV 4.6 would do it and answer garbage.
std::vector<std::vector<int>> input_shapes_at(const OnnxSignature& signature, int batch);

}  // namespace lynceus::infer

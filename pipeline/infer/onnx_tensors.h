// Whether the weights of an ONNX file are as large as they say. Engines trust that: OpenCV reads beyond its memory when
// a tensor's bytes are fewer than its dimensions. Thread: any.
#pragma once

#include "pipeline/infer/protobuf.h"

namespace lynceus::infer {

/// Checks one TensorProto. Throws std::runtime_error when it is short, of an unknown type, or kept in another file.
void check_onnx_tensor(protobuf::Bytes tensor);

/// Checks the tensors among the attributes of one NodeProto, those of the graphs it holds (loops, branches) too.
void check_onnx_node(protobuf::Bytes node);

}  // namespace lynceus::infer

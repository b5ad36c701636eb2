// A network exported for a batch of 1, rewritten for another: its inputs, and the reshapes that name the 1. Most
// detectors of the web are exported so. Whether it then answers a batch as its parts must be tried (why_not_alike): not
// every network can be had this way. Thread: any.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "pipeline/infer/onnx_signature.h"

namespace lynceus::infer {

/// Every input is made for a batch of 1.
bool is_made_for_one(const OnnxSignature& signature);

/// Throws std::runtime_error when the bytes are no ONNX model.
std::vector<std::byte> with_batch(std::span<const std::byte> model, int batch);

}  // namespace lynceus::infer

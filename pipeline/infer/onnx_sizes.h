// Batch, heights and widths that an ONNX file leaves open, filled in: OpenCV 4.10 cannot work out the shapes of many
// such networks while it reads them, but runs them at any size once it has read them with some. Thread: any.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lynceus::infer {

/// The same model with `batch` for an open first dimension of an input and `side` for every open one from the third on.
/// Throws std::runtime_error when the bytes are no ONNX model.
std::vector<std::byte> with_open_sizes(std::span<const std::byte> model, int batch, int side);

}  // namespace lynceus::infer

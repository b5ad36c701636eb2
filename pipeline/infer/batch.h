// Single requests to one batch and back, and the proof that a network answers a batch as it answers its parts.
// Thread: any.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "pipeline/infer/engine.h"

namespace lynceus::infer {

using Tensors = std::vector<cv::Mat>;

/// Equal types and dimensions throughout.
bool same_shapes(const Tensors& a, const Tensors& b);

/// One batch of `size` out of at most so many requests of equal shapes (first dimension 1); the rest is zero.
Tensors stack(const std::vector<const Tensors*>& parts, int size);

/// The `index`-th part of outputs of a batch of `size`. Throws std::runtime_error when an output has no such batch.
Tensors part(const Tensors& outputs, int index, int size);

/// Runs two different inputs alone and together. Empty when `batched` may be used, else why it may not.
std::string why_not_batched(Net& single, Net& batched, int size);

}  // namespace lynceus::infer

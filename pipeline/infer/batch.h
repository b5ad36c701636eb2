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

/// The largest difference of any two values, against their size where that is above 1; infinite where one is no number
/// or the shapes differ. 32-bit floats only.
double difference(const Tensors& a, const Tensors& b);

/// The network tells enough of its inputs to be run on made-up ones.
bool can_be_tried(const Net& net);
/// One run on made-up inputs, where they can be made up: libraries fetch memory and pick algorithms at the first.
void warm_up(Net& net);

/// What a net answers to two different made-up inputs, alone, to hold others to: heights and widths that are left open
/// at two shapes.
struct Reference {
  struct Trial {
    std::vector<std::vector<int>> shapes;
    Tensors inputs[2], alone[2];
  };
  std::vector<Trial> trials;
};
/// Throws std::runtime_error, as the net does, or where its inputs cannot be made up.
Reference reference_of(Net& single);

/// Empty when a batch of these inputs is answered on `other` as they were alone, else why it may not be used.
std::string why_not_alike(const Reference& reference, Net& other, int size, double tolerance = 1e-3);

/// Runs two different inputs alone on `single` and together on `other`, which may be elsewhere. Empty when no output
/// differs by more than `tolerance`, else why `other` may not be used. Heights and widths that are left open are tried
/// at two shapes.
std::string why_not_alike(Net& single, Net& other, int size, double tolerance = 1e-3);

}  // namespace lynceus::infer

#include "pipeline/infer/batch.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <exception>
#include <stdexcept>

namespace lynceus::infer {
namespace {

bool same_shape(const cv::Mat& a, const cv::Mat& b) { return a.type() == b.type() && a.size == b.size; }

std::vector<int> dims_of(const cv::Mat& tensor) { return {tensor.size.p, tensor.size.p + tensor.dims}; }

std::size_t bytes_of(const cv::Mat& tensor) { return tensor.total() * tensor.elemSize(); }

/// The same numbers at every run; xorshift is enough of a mixture.
cv::Mat noise(std::vector<int> dims, std::uint32_t seed) {
  dims.insert(dims.begin(), 1);
  cv::Mat tensor(dims, CV_32F);
  auto* values = tensor.ptr<float>();
  seed *= 2654435761U;  // small seeds begin alike
  for (std::size_t i = 0; i < tensor.total(); ++i) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    values[i] = static_cast<float>(seed >> 8) / static_cast<float>(1U << 24);
  }
  return tensor;
}

using Shapes = std::vector<std::vector<int>>;

Tensors noise_for(const Shapes& shapes, std::uint32_t seed) {
  Tensors inputs;
  for (const auto& shape : shapes) inputs.push_back(noise(shape, seed += 977));
  return inputs;
}

/// NaN counts as large.
double largest_apart(const cv::Mat& a, const cv::Mat& b) {
  double largest = 0;
  const auto* p = a.ptr<float>();
  const auto* q = b.ptr<float>();
  for (std::size_t i = 0; i < a.total(); ++i) {
    const double apart = std::abs(double{p[i]} - double{q[i]}) / std::max(1.0, std::abs(double{p[i]}));
    if (!(apart <= largest)) largest = std::isnan(apart) ? HUGE_VAL : apart;
  }
  return largest;
}

bool all_float(const Tensors& tensors) {
  return std::all_of(tensors.begin(), tensors.end(),
                     [](const cv::Mat& t) { return t.type() == CV_32F && t.isContinuous(); });
}

Reference::Trial answers_of(Net& single, const Shapes& shapes) {
  Reference::Trial trial{shapes, {noise_for(shapes, 1), noise_for(shapes, 2)}, {}};
  for (int i = 0; i < 2; ++i) trial.alone[i] = single.run(trial.inputs[i]);
  return trial;
}

std::string compare(const Reference::Trial& trial, Net& other, int size, double tolerance) {
  if (!all_float(trial.alone[0])) return "its outputs are not 32-bit float";
  if (size > 1 && difference(trial.alone[0], trial.alone[1]) <= tolerance) {
    return "it answers two different inputs alike";
  }
  std::vector<const Tensors*> parts;
  for (int i = 0; i < size; ++i) parts.push_back(&trial.inputs[i % 2]);
  const Tensors together = other.run(stack(parts, size));
  for (int i = 0; i < size; ++i) {
    const double apart = difference(trial.alone[i % 2], part(together, i, size));
    if (apart > tolerance) return "its outputs differ by " + std::to_string(apart) + " from those of a single run";
  }
  return {};
}

bool is_known(const Shapes& shapes) {
  return !shapes.empty() && std::all_of(shapes.begin(), shapes.end(), [](const auto& dims) {
    return std::all_of(dims.begin(), dims.end(), [](int d) { return d > 0; });
  });
}

/// Heights and widths for those left open; the number of channels is never made up.
Shapes closed(Shapes shapes, int height, int width) {
  for (auto& dims : shapes) {
    if (dims.size() != 3) continue;
    if (dims[1] == -1) dims[1] = height;
    if (dims[2] == -1) dims[2] = width;
  }
  return shapes;
}

}  // namespace

bool same_shapes(const Tensors& a, const Tensors& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_shape);
}

Tensors stack(const std::vector<const Tensors*>& parts, int size) {
  if (size == 1) return *parts.front();
  Tensors batch;
  for (std::size_t i = 0; i < parts.front()->size(); ++i) {
    std::vector<int> dims = dims_of((*parts.front())[i]);
    const std::size_t bytes = bytes_of((*parts.front())[i]);
    dims[0] = size;
    cv::Mat together(dims, CV_32F, cv::Scalar(0));
    for (std::size_t n = 0; n < parts.size(); ++n) std::memcpy(together.data + n * bytes, (*parts[n])[i].data, bytes);
    batch.push_back(together);
  }
  return batch;
}

Tensors part(const Tensors& outputs, int index, int size) {
  if (size == 1) return outputs;
  Tensors mine;
  for (const cv::Mat& output : outputs) {
    std::vector<int> dims = dims_of(output);
    if (dims.empty() || dims[0] != size || !output.isContinuous()) throw std::runtime_error("an output has no batch");
    dims[0] = 1;
    cv::Mat one(dims, output.type());
    std::memcpy(one.data, output.data + static_cast<std::size_t>(index) * bytes_of(one), bytes_of(one));
    mine.push_back(one);
  }
  return mine;
}

double difference(const Tensors& a, const Tensors& b) {
  if (!same_shapes(a, b)) return HUGE_VAL;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, largest_apart(a[i], b[i]));
  return largest;
}

bool can_be_tried(const Net& net) { return is_known(closed(net.input_shapes(), 256, 320)); }

void warm_up(Net& net) {
  if (can_be_tried(net)) net.run(noise_for(closed(net.input_shapes(), 256, 320), 1));
}

Reference reference_of(Net& single) {
  if (!can_be_tried(single)) throw std::runtime_error("its input sizes are open");
  const Shapes shapes = single.input_shapes();
  Reference reference;
  reference.trials.push_back(answers_of(single, closed(shapes, 256, 320)));
  if (reference.trials.front().shapes != shapes) {
    reference.trials.push_back(answers_of(single, closed(shapes, 192, 192)));
  }
  return reference;
}

std::string why_not_alike(const Reference& reference, Net& other, int size, double tolerance) {
  try {
    std::string why;
    for (const Reference::Trial& trial : reference.trials) {
      if (why.empty()) why = compare(trial, other, size, tolerance);
    }
    return why;
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string why_not_alike(Net& single, Net& other, int size, double tolerance) {
  try {
    return why_not_alike(reference_of(single), other, size, tolerance);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace lynceus::infer

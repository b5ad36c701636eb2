// One network on one back end at one batch size: what a run takes, and how far its boxes are from the CPU's.
// Thread: bound to its caller; takes the given time and more.
#pragma once

#include <string>
#include <vector>

#include "pipeline/infer/batch.h"
#include "tools/infer_bench/bench_model.h"

namespace lynceus::tools {

struct BenchRow {
  std::string model, engine, backend;
  int batch = 1;
  double ms = 0, cpu_ms = 0;  ///< a run: the median by the clock, the mean of all threads' CPU time
  double frames_per_s = 0;
  int boxes = 0;                         ///< of the CPU, at the family's operating point
  double least_iou = 1, most_apart = 0;  ///< of these boxes with their likes here; 0 and 1 where one is missing
  double difference = 0;                 ///< the largest of any output value, against 1 or its size where that is more
  std::string refused;                   ///< why there is nothing to measure
};

/// What the CPU answers to each input, alone; the inputs are those of `model`.
std::vector<infer::Tensors> reference_of(infer::Net& net, const std::vector<cv::Mat>& inputs);

/// Each box of `expected` that counts, with the one of `got` that covers it best, into the row.
void compare_boxes(const BenchModel& model, const infer::Tensors& expected, const infer::Tensors& got, BenchRow& row);

BenchRow measure(infer::Engine& engine, infer::Backend backend, int batch, const BenchModel& model,
                 const std::vector<cv::Mat>& inputs, const std::vector<infer::Tensors>& reference, double seconds);

}  // namespace lynceus::tools

// Many cameras on one network: each has decoded pictures of 1280×720 in memory and wants the boxes of one at its rate.
// What is told is the time from the moment a picture was due to its boxes. Thread: any; takes the given time and more.
#pragma once

#include <cstddef>
#include <string>

#include "pipeline/infer/model_runner.h"
#include "tools/infer_bench/bench_model.h"

namespace lynceus::tools {

struct LoadSettings {
  infer::InferSettings inference;
  int cameras = 32;
  double fps = 5, seconds = 20;
};

struct LoadResult {
  std::string engine, backend;
  std::size_t due = 0, answered = 0, boxes = 0;
  std::size_t least_answered = 0;               ///< of the camera that got the fewest
  double median_ms = 0, p99_ms = 0, batch = 0;  ///< requests a run
};

LoadResult run_load(const BenchModel& model, const LoadSettings& settings);

}  // namespace lynceus::tools

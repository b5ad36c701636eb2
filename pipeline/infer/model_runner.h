// All models of the process, one executor thread each.
//
// An idle executor runs a request at once; what queued meanwhile is the next batch. Batch sizes come from the manifest
// beside the model (MODEL.json: {"batch_sizes": [1, 4]}; none: 1 only; 1 is always among them). At load two different
// inputs are run alone and together: a size whose outputs differ by more than 1e-3 is refused with a log line.
//
// Every model is on the CPU; with `auto` it begins there, and is moved to the fastest back end that agrees once trials
// in the background have shown it. A back end that was asked for is used from the start. One that fails is given up for
// the CPU at once and tried again later (ModelStats::fallback meanwhile); why and how: docs/design/inference.md. Owner:
// app. Thread: any; infer() blocks its caller until the result, the stop or an error.
//
//   ModelRunner runner({}, make_engines(), system_clock());
//   const auto model = runner.load({.path = "yolox_nano.onnx", .config = ""});
//   const auto outputs = runner.infer(model, {blob}, stop);
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/infer/engine.h"
#include "pipeline/infer/trial.h"

namespace lynceus::infer {

struct InferSettings {
  Backend backend = Backend::automatic;
  int threads = 0;                ///< of OpenCV's own pool; 0: leave it
  std::size_t queue_bound = 64;   ///< per model
  int device = 0;                 ///< which CUDA device, from 0
  std::int64_t memory_bytes = 0;  ///< what networks may take of a device; 0: all there is
};

/// What metrics want to know of a model.
struct ModelStats {
  std::string model;  ///< file name
  std::string engine, backend;
  bool fallback = false;  ///< on the CPU although another back end was asked for, or was chosen and failed
  std::string fallback_reason;
  std::vector<TrialRow> trials;  ///< the last trial's table
  std::uint64_t losses = 0;      ///< devices given up
  std::uint64_t runs = 0, requests = 0, errors = 0;
  double seconds = 0;
  int last_batch = 0;
  std::size_t waiting = 0;  ///< requests in the queue just now
};

/// Called after each run, before its callers have their answers, on the executor's thread; must return at once.
using RunObserver = std::function<void(const std::string& model, int batch, double seconds)>;

class ModelRunner {
 public:
  /// Throws Error (Exit::bad_config) when a back end is asked for that none of the engines has here.
  ModelRunner(InferSettings settings, std::vector<std::unique_ptr<Engine>> engines, Clock& clock);
  ~ModelRunner();  ///< fails what waits, joins

  /// The same file gives the same model; files are never unloaded. Throws std::runtime_error.
  sdk::Inference::Model load(const sdk::ModelFile& file);
  /// Memory for one input of these dimensions, the first 1: see sdk::Inference::input().
  cv::Mat input(sdk::Inference::Model model, const std::vector<int>& dims);
  /// Throws std::runtime_error when stopped, when the queue is full, or when the run failed.
  std::vector<cv::Mat> infer(sdk::Inference::Model model, std::vector<cv::Mat> inputs, std::stop_token stop);
  std::vector<int> batch_sizes(sdk::Inference::Model model) const;
  std::vector<std::vector<int>> input_shapes(sdk::Inference::Model model) const;
  std::vector<ModelStats> stats() const;
  void observe(RunObserver observer);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lynceus::infer

// The seam to whatever runs networks: OpenCV dnn, ONNX Runtime where the distribution has it, a fake in tests.
//
// An Engine makes Nets; a Net is one loaded network at one fixed batch size. Thread: a Net is bound to one thread at a
// time, which need not be the one that loaded it; an Engine may be called from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "plugins/sdk/services.h"

namespace lynceus::infer {

enum class Backend { automatic, cpu, opencl, cuda, cuda_fp16 };
const char* name(Backend backend);

/// One network loaded for one batch size.
class Net {
 public:
  virtual ~Net() = default;
  /// Dimensions of each input without the batch, -1 where the network leaves one open; empty: the file does not tell.
  virtual std::vector<std::vector<int>> input_shapes() const { return {}; }
  /// The file names a height and a width, but others run too (Darknet).
  virtual bool takes_any_size() const { return false; }
  /// Makes one row of so many floats where this net reads inputs from best; null: any memory will do. What it makes
  /// outlives the net. Thread: any.
  virtual std::function<cv::Mat(int count)> input_memory() const { return nullptr; }
  /// Inputs are N×C×H×W CV_32F with N the batch size; one tensor per output, first dimension N.
  virtual std::vector<cv::Mat> run(const std::vector<cv::Mat>& inputs) = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string name() const = 0;
  virtual std::vector<Backend> backends() const = 0;
  /// Why a back end is not among them; empty: the engine never heard of it.
  virtual std::string why_not(Backend) const { return {}; }
  /// False where it is there and can be no faster than the CPU: `auto` leaves it alone.
  virtual bool worth_trying(Backend) const { return true; }
  /// Bytes that the device of a back end has free; -1: cannot be told.
  virtual std::int64_t memory_free(Backend) const { return -1; }
  /// Throws std::runtime_error with a clear line when the file cannot be loaded or the back end is not there.
  virtual std::unique_ptr<Net> load(const sdk::ModelFile& file, Backend backend, int batch) = 0;
};

/// `device`: which CUDA device, from 0.
std::unique_ptr<Engine> make_opencv_engine(int device = 0);
/// Null where ONNX Runtime was not compiled in.
std::unique_ptr<Engine> make_onnxruntime_engine();
/// All there are, the faster one on one core first.
std::vector<std::unique_ptr<Engine>> make_engines(int device = 0);

}  // namespace lynceus::infer

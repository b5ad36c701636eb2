// Networks by ONNX Runtime, on the CPU, one thread a run: cameras are the parallelism. Compiled in where the distribution
// packages it.
#include "pipeline/infer/engine.h"

#ifdef LYNCEUS_ONNXRUNTIME

#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/log.h"
#include "pipeline/infer/model_file.h"

namespace lynceus::infer {
namespace {

void ORT_API_CALL on_message(void*, OrtLoggingLevel level, const char*, const char*, const char*, const char* message) {
  const auto ours = level >= ORT_LOGGING_LEVEL_WARNING ? log::Level::warning : log::Level::debug;
  log::write(ours, "onnxruntime", one_line(message ? message : ""));
}

/// One for the process: it owns the library's own state.
Ort::Env& environment() {
  static Ort::Env env(ORT_LOGGING_LEVEL_ERROR, "lynceus", on_message, nullptr);
  return env;
}

Ort::SessionOptions options() {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  options.SetInterOpNumThreads(1);
  options.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
  // Workers come and go with the load; memory kept for the largest batch ever seen would not.
  options.DisableCpuMemArena();
  return options;
}

std::vector<int> dims_of(const std::vector<std::int64_t>& shape) {
  std::vector<int> dims;
  for (const std::int64_t d : shape) dims.push_back(d > 0 && d <= INT32_MAX ? static_cast<int>(d) : -1);
  return dims;
}

class OrtNet final : public Net {
 public:
  OrtNet(const std::vector<std::byte>& bytes, int batch)
      : session_(environment(), bytes.data(), bytes.size(), options()) {
    Ort::AllocatorWithDefaultOptions allocator;
    for (std::size_t i = 0; i < session_.GetInputCount(); ++i) {
      inputs_.emplace_back(session_.GetInputNameAllocated(i, allocator).get());
      add_shape(i, batch);
    }
    for (std::size_t i = 0; i < session_.GetOutputCount(); ++i) {
      outputs_.emplace_back(session_.GetOutputNameAllocated(i, allocator).get());
    }
    if (inputs_.empty() || outputs_.empty()) throw std::runtime_error("it has no inputs or no outputs");
  }

  std::vector<std::vector<int>> input_shapes() const override { return shapes_; }

  std::vector<cv::Mat> run(const std::vector<cv::Mat>& inputs) override {
    if (inputs.size() != inputs_.size()) throw std::runtime_error("the network takes another number of inputs");
    try {
      std::vector<Ort::Value> values;
      for (const cv::Mat& input : inputs) values.push_back(view(input));
      const auto in = pointers(inputs_);
      const auto out = pointers(outputs_);
      auto answers = session_.Run(Ort::RunOptions{nullptr}, in.data(), values.data(), values.size(), out.data(), out.size());
      std::vector<cv::Mat> tensors;
      for (const Ort::Value& answer : answers) tensors.push_back(copy(answer));
      return tensors;
    } catch (const Ort::Exception& error) {
      throw std::runtime_error("inference failed: " + one_line(error.what()));
    }
  }

 private:
  void add_shape(std::size_t index, int batch) {
    const auto type = session_.GetInputTypeInfo(index);
    const auto info = type.GetTensorTypeAndShapeInfo();
    if (info.GetElementType() != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) {
      throw std::runtime_error("input " + inputs_[index] + " is not 32-bit float");
    }
    std::vector<int> dims = dims_of(info.GetShape());
    if (dims.empty()) throw std::runtime_error("input " + inputs_[index] + " has no batch");
    if (dims[0] != -1 && dims[0] != batch) {
      throw std::runtime_error("made for a batch of " + std::to_string(dims[0]) + ", not " + std::to_string(batch));
    }
    dims.erase(dims.begin());
    shapes_.push_back(std::move(dims));
  }

  static std::vector<const char*> pointers(const std::vector<std::string>& names) {
    std::vector<const char*> list;
    for (const std::string& name : names) list.push_back(name.c_str());
    return list;
  }

  /// The library only reads an input's memory, though its type says otherwise.
  static Ort::Value view(const cv::Mat& input) {
    static const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeCPU);
    const std::vector<std::int64_t> dims(input.size.p, input.size.p + input.dims);
    auto* values = const_cast<float*>(input.ptr<float>());
    return Ort::Value::CreateTensor<float>(memory, values, input.total(), dims.data(), dims.size());
  }

  static cv::Mat copy(const Ort::Value& answer) {
    const auto info = answer.GetTensorTypeAndShapeInfo();
    if (info.GetElementType() != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) {
      throw std::runtime_error("inference failed: an output is not 32-bit float");
    }
    std::vector<int> dims;
    for (const std::int64_t d : info.GetShape()) dims.push_back(static_cast<int>(d));
    if (dims.empty()) dims.push_back(1);
    cv::Mat tensor(dims, CV_32F);
    if (!tensor.empty()) std::memcpy(tensor.data, answer.GetTensorData<float>(), tensor.total() * sizeof(float));
    return tensor;
  }

  Ort::Session session_;
  std::vector<std::string> inputs_, outputs_;
  std::vector<std::vector<int>> shapes_;
};

class OrtEngine final : public Engine {
 public:
  std::string name() const override { return "onnxruntime"; }
  std::vector<Backend> backends() const override { return {Backend::cpu}; }

  std::unique_ptr<Net> load(const sdk::ModelFile& file, Backend backend, int batch) override {
    if (backend != Backend::cpu && backend != Backend::automatic) {
      throw std::runtime_error(std::string("ONNX Runtime has no back end ") + infer::name(backend) + " here");
    }
    if (!ends_with_nocase(file.path, ".onnx")) throw cannot_load(file.path, "the name must end in .onnx");
    const std::vector<std::byte> bytes = read_model_file(file.path);
    try {
      return std::make_unique<OrtNet>(bytes, batch);
    } catch (const std::exception& error) {
      throw cannot_load(file.path, error.what());
    }
  }
};

}  // namespace

std::unique_ptr<Engine> make_onnxruntime_engine() { return std::make_unique<OrtEngine>(); }

}  // namespace lynceus::infer

#else

namespace lynceus::infer {

std::unique_ptr<Engine> make_onnxruntime_engine() { return nullptr; }

}  // namespace lynceus::infer

#endif

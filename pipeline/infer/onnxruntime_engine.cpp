// Networks by ONNX Runtime, on the CPU, one thread a run: cameras are the parallelism. Compiled in where the
// distribution packages it.
#include "pipeline/infer/engine.h"

#ifdef LYNCEUS_ONNXRUNTIME

#include <onnxruntime_cxx_api.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <streambuf>
#include <utility>

#include "base/log.h"
#include "pipeline/infer/model_file.h"
#include "pipeline/infer/onnx_signature.h"

namespace lynceus::infer {
namespace {

/// What it reports comes back as exceptions; it must not pass by our sink.
void ORT_API_CALL on_message(void*, OrtLoggingLevel, const char*, const char*, const char*, const char* message) {
  log::debug("onnxruntime", one_line(message ? message : ""));
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

/// Swallows std::cerr, which is not ours to write to, while it lives. Debian builds the library so that its first
/// session registers every operator a second time, with a line there for each.
class SilentCerr {
 public:
  SilentCerr() : before_(std::cerr.rdbuf(&nothing())) {}
  ~SilentCerr() { std::cerr.rdbuf(before_); }
  SilentCerr(const SilentCerr&) = delete;
  SilentCerr& operator=(const SilentCerr&) = delete;

 private:
  struct Nothing final : std::streambuf {
    int overflow(int c) override { return traits_type::not_eof(c); }
    std::streamsize xsputn(const char*, std::streamsize count) override { return count; }
  };
  /// It has no state, so it does not matter who else writes to it, or when.
  static std::streambuf& nothing() {
    static Nothing buffer;
    return buffer;
  }

  std::streambuf* const before_;
};

Ort::Session open_session(const std::vector<std::byte>& bytes) {
  static std::mutex one_at_a_time;
  std::lock_guard lock(one_at_a_time);
  const SilentCerr silent;
  return {environment(), bytes.data(), bytes.size(), options()};
}

std::vector<std::string> names_of(const std::vector<OnnxPort>& ports) {
  std::vector<std::string> names;
  for (const OnnxPort& port : ports) names.push_back(port.name);
  return names;
}

class OrtNet final : public Net {
 public:
  OrtNet(Ort::Session session, const OnnxSignature& signature, std::vector<std::vector<int>> shapes)
      : session_(std::move(session)),
        inputs_(names_of(signature.inputs)),
        outputs_(names_of(signature.outputs)),
        shapes_(std::move(shapes)) {}

  std::vector<std::vector<int>> input_shapes() const override { return shapes_; }

  std::vector<cv::Mat> run(const std::vector<cv::Mat>& inputs) override {
    if (inputs.size() != inputs_.size()) throw std::runtime_error("the network takes another number of inputs");
    try {
      std::vector<Ort::Value> values;
      for (const cv::Mat& input : inputs) values.push_back(view(input));
      const auto in = pointers(inputs_);
      const auto out = pointers(outputs_);
      auto answers =
          session_.Run(Ort::RunOptions{nullptr}, in.data(), values.data(), values.size(), out.data(), out.size());
      std::vector<cv::Mat> tensors;
      for (const Ort::Value& answer : answers) tensors.push_back(copy(answer));
      return tensors;
    } catch (const std::exception& error) {
      throw std::runtime_error("inference failed: " + one_line(error.what()));
    }
  }

 private:
  static std::vector<const char*> pointers(const std::vector<std::string>& names) {
    std::vector<const char*> list;
    for (const std::string& name : names) list.push_back(name.c_str());
    return list;
  }

  /// The library only reads an input's memory, though its type says otherwise.
  static Ort::Value view(const cv::Mat& input) {
    if (input.type() != CV_32F || !input.isContinuous()) throw std::runtime_error("an input is not 32-bit float");
    static const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeCPU);
    const std::vector<std::int64_t> dims(input.size.p, input.size.p + input.dims);
    auto* values = const_cast<float*>(input.ptr<float>());
    return Ort::Value::CreateTensor<float>(memory, values, input.total(), dims.data(), dims.size());
  }

  static cv::Mat copy(const Ort::Value& answer) {
    if (!answer.IsTensor()) throw std::runtime_error("an output is no tensor");
    const auto info = answer.GetTensorTypeAndShapeInfo();
    if (info.GetElementType() != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) {
      throw std::runtime_error("an output is not 32-bit float");
    }
    std::vector<int> dims;
    for (const std::int64_t d : info.GetShape()) dims.push_back(cv::saturate_cast<int>(d));
    if (dims.empty()) dims.push_back(1);
    cv::Mat tensor(dims, CV_32F);
    if (tensor.total() != info.GetElementCount()) throw std::runtime_error("an output is too large");
    if (!tensor.empty()) std::memcpy(tensor.data, answer.GetTensorData<float>(), tensor.total() * sizeof(float));
    return tensor;
  }

  Ort::Session session_;
  const std::vector<std::string> inputs_, outputs_;
  const std::vector<std::vector<int>> shapes_;
};

std::unique_ptr<Net> load_net(const std::string& path, Backend backend, int batch) {
  if (backend != Backend::cpu && backend != Backend::automatic) {
    throw std::runtime_error(std::string("ONNX Runtime has no back end ") + name(backend) + " here");
  }
  if (!ends_with_nocase(path, ".onnx")) throw std::runtime_error("the name must end in .onnx");
  const std::vector<std::byte> bytes = read_model_file(path);
  const OnnxSignature signature = read_onnx_signature(bytes);
  auto shapes = input_shapes_at(signature, batch);
  return std::make_unique<OrtNet>(open_session(bytes), signature, std::move(shapes));
}

class OrtEngine final : public Engine {
 public:
  std::string name() const override { return "onnxruntime"; }
  std::vector<Backend> backends() const override { return {Backend::cpu}; }

  std::unique_ptr<Net> load(const sdk::ModelFile& file, Backend backend, int batch) override {
    try {
      return load_net(file.path, backend, batch);
    } catch (const std::exception& error) {
      const std::string why = one_line(error.what());
      if (why.starts_with("cannot load model: ")) throw std::runtime_error(why);
      throw cannot_load(file.path, why);
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

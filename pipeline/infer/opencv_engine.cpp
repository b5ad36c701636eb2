// Networks by OpenCV dnn: ONNX, and Darknet weights with their cfg.
#include <algorithm>
#include <functional>
#include <mutex>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <span>
#include <stdexcept>
#include <utility>

#include "base/log.h"
#include "pipeline/infer/darknet_signature.h"
#include "pipeline/infer/engine.h"
#include "pipeline/infer/model_file.h"
#include "pipeline/infer/onnx_batch.h"
#include "pipeline/infer/onnx_signature.h"
#include "pipeline/infer/onnx_sizes.h"
#include "pipeline/infer/opencv_places.h"

namespace lynceus::infer {
namespace {

/// A place, and the device that is meant if it has several.
struct Where {
  const OpenCvPlace& place;
  int device;

  void prefer(cv::dnn::Net& net) const {
    net.setPreferableBackend(place.opencv_backend);
    net.setPreferableTarget(place.opencv_target);
  }
  int cuda_device() const { return is_cuda(place.backend) ? device : -1; }
};

/// OpenCV's exceptions carry file, line and function; people want the message.
std::string reason(const std::exception& error) {
  const auto* ours = dynamic_cast<const cv::Exception*>(&error);
  return one_line(ours && !ours->err.empty() ? ours->err : error.what());
}

/// What the network is fed and gives, by name.
struct Ports {
  std::vector<std::string> inputs, outputs;
  std::vector<std::vector<int>> shapes;
  bool darknet = false;
};

class OpenCvNet final : public Net {
 public:
  /// `device`: the CUDA device it runs on; -1: none.
  OpenCvNet(cv::dnn::Net net, Ports ports, int batch, int device)
      : net_(std::move(net)), ports_(std::move(ports)), batch_(batch), device_(device) {}

  std::vector<std::vector<int>> input_shapes() const override { return ports_.shapes; }
  bool takes_any_size() const override { return ports_.darknet; }
  std::function<cv::Mat(int)> input_memory() const override {
    if (device_ < 0) return nullptr;
    return [device = device_](int count) { return page_locked(count, device); };
  }

  std::vector<cv::Mat> run(const std::vector<cv::Mat>& inputs) override {
    if (inputs.size() != ports_.inputs.size()) throw std::runtime_error("the network takes another number of inputs");
    try {
      if (device_ >= 0) use_cuda_device(device_);
      for (std::size_t i = 0; i < inputs.size(); ++i) net_.setInput(inputs[i], ports_.inputs[i]);
      std::vector<cv::Mat> outputs;
      net_.forward(outputs, ports_.outputs);
      // They are views of the network's own memory, which the next run overwrites.
      for (cv::Mat& output : outputs) output = with_batch(output).clone();
      return outputs;
    } catch (const std::exception& error) {
      throw std::runtime_error("inference failed: " + reason(error));
    }
  }

 private:
  /// A Darknet head is rows × columns for a batch of 1, and has the batch in front otherwise.
  cv::Mat with_batch(const cv::Mat& output) const {
    if (!ports_.darknet || output.dims != 2) return output;
    const int sizes[] = {batch_, output.rows / batch_, output.cols};
    return output.reshape(1, 3, sizes);
  }

  cv::dnn::Net net_;
  Ports ports_;
  const int batch_, device_;
};

std::vector<uchar> as_uchar(std::span<const std::byte> bytes) {
  const auto* first = reinterpret_cast<const uchar*>(bytes.data());
  return {first, first + bytes.size()};
}

/// Engines must agree on the order of outputs: the file's own, where OpenCV knows those names.
std::vector<std::string> ordered_outputs(const cv::dnn::Net& net, const OnnxSignature& signature) {
  std::vector<std::string> known = net.getUnconnectedOutLayersNames();
  std::vector<std::string> ordered;
  for (const OnnxPort& port : signature.outputs) {
    if (std::find(known.begin(), known.end(), port.name) != known.end()) ordered.push_back(port.name);
  }
  return ordered.size() == known.size() ? ordered : known;
}

bool has_open_sizes(const OnnxSignature& signature) {
  return std::any_of(signature.inputs.begin(), signature.inputs.end(),
                     [](const OnnxPort& port) { return std::count(port.dims.begin(), port.dims.end(), -1) > 0; });
}

cv::dnn::Net read_onnx(std::span<const std::byte> bytes) {
  return cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// OpenCV 4.10 trips over sizes left open while it reads a file; told some size, it runs the network at any.
cv::dnn::Net read_onnx(std::span<const std::byte> bytes, bool open, int batch) {
  constexpr int kSomeSize = 320;
  try {
    return read_onnx(bytes);
  } catch (const cv::Exception&) {
    if (!open) throw;
    return read_onnx(with_open_sizes(bytes, batch, kSomeSize));
  }
}

std::unique_ptr<Net> load_onnx(const std::string& path, const Where& where, int batch) {
  std::vector<std::byte> bytes = read_model_file(path);
  OnnxSignature signature = read_onnx_signature(bytes);
  // On a CPU a batch gains too little for a file that was not made for it.
  if (batch > 1 && where.place.backend != Backend::cpu && is_made_for_one(signature)) {
    bytes = with_batch(bytes, batch);
    signature = read_onnx_signature(bytes);
  }
  Ports ports;
  ports.shapes = input_shapes_at(signature, batch);
  for (const OnnxPort& port : signature.inputs) ports.inputs.push_back(port.name);
  cv::dnn::Net net = read_onnx(bytes, has_open_sizes(signature), batch);
  if (net.empty()) throw std::runtime_error("it holds no network");
  where.prefer(net);
  ports.outputs = ordered_outputs(net, signature);
  return std::make_unique<OpenCvNet>(std::move(net), std::move(ports), batch, where.cuda_device());
}

std::unique_ptr<Net> load_darknet(const sdk::ModelFile& file, const Where& where, int batch) {
  const std::vector<std::byte> cfg = read_model_file(file.config);
  Ports ports;
  ports.darknet = true;
  ports.inputs = {""};
  ports.shapes = {read_darknet_input(cfg)};
  const std::string text = with_all_scores(cfg);
  const std::vector<uchar> heads_whole(text.begin(), text.end());
  cv::dnn::Net net = cv::dnn::readNetFromDarknet(heads_whole, as_uchar(read_model_file(file.path)));
  if (net.empty()) throw std::runtime_error("it holds no network");
  where.prefer(net);
  ports.outputs = net.getUnconnectedOutLayersNames();
  return std::make_unique<OpenCvNet>(std::move(net), std::move(ports), batch, where.cuda_device());
}

std::unique_ptr<Net> load_any(const sdk::ModelFile& file, const Where& where, int batch) {
  if (ends_with_nocase(file.path, ".onnx")) return load_onnx(file.path, where, batch);
  if (!ends_with_nocase(file.path, ".weights")) throw std::runtime_error("the name must end in .onnx or .weights");
  if (file.config.empty()) throw std::runtime_error("Darknet weights need their .cfg");
  return load_darknet(file, where, batch);
}

int on_opencv_error(int, const char* function, const char* message, const char*, int, void*) {
  log::debug("opencv", one_line(message ? message : ""), {{"function", function ? function : ""}});
  return 0;
}

/// What OpenCV would print to stderr comes back as exceptions; it must not pass by our sink.
void quieten() {
  static std::once_flag once;
  std::call_once(once, [] {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError(on_opencv_error);
  });
}

class OpenCvEngine final : public Engine {
 public:
  explicit OpenCvEngine(int device) : device_(device) { quieten(); }
  std::string name() const override { return "opencv"; }

  std::vector<Backend> backends() const override {
    std::vector<Backend> here;
    for (const Backend backend : {Backend::cpu, Backend::opencl, Backend::cuda, Backend::cuda_fp16}) {
      if (why_not_here(backend, device_).empty()) here.push_back(backend);
    }
    return here;
  }

  std::string why_not(Backend backend) const override { return why_not_here(backend, device_); }
  bool worth_trying(Backend backend) const override { return may_be_faster(backend); }
  std::int64_t memory_free(Backend backend) const override { return free_memory(backend, device_); }

  std::unique_ptr<Net> load(const sdk::ModelFile& file, Backend backend, int batch) override {
    try {
      return load_any(file, {opencv_place(backend, device_), device_}, batch);
    } catch (const std::exception& error) {
      const std::string why = reason(error);
      if (why.starts_with("cannot load model: ")) throw std::runtime_error(why);
      throw cannot_load(file.path, why);
    }
  }

 private:
  const int device_;
};

}  // namespace

std::unique_ptr<Engine> make_opencv_engine(int device) { return std::make_unique<OpenCvEngine>(device); }

}  // namespace lynceus::infer

// Networks by OpenCV dnn: ONNX, and Darknet weights with their cfg.
#include <algorithm>
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
#include "pipeline/infer/onnx_signature.h"
#include "pipeline/infer/onnx_sizes.h"

namespace lynceus::infer {
namespace {

struct Place {
  Backend backend;
  int opencv_backend, opencv_target;
};

constexpr Place kPlaces[] = {
    {Backend::cpu, cv::dnn::DNN_BACKEND_OPENCV, cv::dnn::DNN_TARGET_CPU},
    {Backend::opencl, cv::dnn::DNN_BACKEND_OPENCV, cv::dnn::DNN_TARGET_OPENCL},
    {Backend::cuda, cv::dnn::DNN_BACKEND_CUDA, cv::dnn::DNN_TARGET_CUDA},
    {Backend::cuda_fp16, cv::dnn::DNN_BACKEND_CUDA, cv::dnn::DNN_TARGET_CUDA_FP16},
};

/// OpenCV falls back to the CPU in silence when asked for a place it does not have, so it is asked first.
bool available(const Place& place) {
  if (place.backend == Backend::cpu) return true;
  const auto targets = cv::dnn::getAvailableTargets(static_cast<cv::dnn::Backend>(place.opencv_backend));
  return std::find(targets.begin(), targets.end(), place.opencv_target) != targets.end();
}

const Place& place_of(Backend backend) {
  const Backend wanted = backend == Backend::automatic ? Backend::cpu : backend;
  const auto* found =
      std::find_if(std::begin(kPlaces), std::end(kPlaces), [&](auto& p) { return p.backend == wanted; });
  if (found == std::end(kPlaces) || !available(*found)) {
    throw std::runtime_error(std::string("OpenCV has no back end ") + name(backend) + " here");
  }
  return *found;
}

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
  OpenCvNet(cv::dnn::Net net, Ports ports, int batch) : net_(std::move(net)), ports_(std::move(ports)), batch_(batch) {}

  std::vector<std::vector<int>> input_shapes() const override { return ports_.shapes; }
  bool takes_any_size() const override { return ports_.darknet; }

  std::vector<cv::Mat> run(const std::vector<cv::Mat>& inputs) override {
    if (inputs.size() != ports_.inputs.size()) throw std::runtime_error("the network takes another number of inputs");
    try {
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
  const int batch_;
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

bool has_open_sizes(const std::vector<std::vector<int>>& shapes) {
  return std::any_of(shapes.begin(), shapes.end(),
                     [](const auto& shape) { return std::count(shape.begin(), shape.end(), -1) > 0; });
}

cv::dnn::Net read_onnx(std::span<const std::byte> bytes) {
  return cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// OpenCV 4.10 trips over sizes left open while it reads a file; told some size, it runs the network at any.
cv::dnn::Net read_onnx(std::span<const std::byte> bytes, bool open) {
  constexpr int kSomeSize = 320;
  try {
    return read_onnx(bytes);
  } catch (const cv::Exception&) {
    if (!open) throw;
    return read_onnx(with_open_sizes(bytes, kSomeSize));
  }
}

std::unique_ptr<Net> load_onnx(const std::string& path, const Place& place, int batch) {
  const std::vector<std::byte> bytes = read_model_file(path);
  const OnnxSignature signature = read_onnx_signature(bytes);
  Ports ports;
  ports.shapes = input_shapes_at(signature, batch);
  for (const OnnxPort& port : signature.inputs) ports.inputs.push_back(port.name);
  cv::dnn::Net net = read_onnx(bytes, has_open_sizes(ports.shapes));
  if (net.empty()) throw std::runtime_error("it holds no network");
  net.setPreferableBackend(place.opencv_backend);
  net.setPreferableTarget(place.opencv_target);
  ports.outputs = ordered_outputs(net, signature);
  return std::make_unique<OpenCvNet>(std::move(net), std::move(ports), batch);
}

std::unique_ptr<Net> load_darknet(const sdk::ModelFile& file, const Place& place, int batch) {
  const std::vector<std::byte> cfg = read_model_file(file.config);
  Ports ports;
  ports.darknet = true;
  ports.inputs = {""};
  ports.shapes = {read_darknet_input(cfg)};
  const std::string text = with_all_scores(cfg);
  const std::vector<uchar> heads_whole(text.begin(), text.end());
  cv::dnn::Net net = cv::dnn::readNetFromDarknet(heads_whole, as_uchar(read_model_file(file.path)));
  if (net.empty()) throw std::runtime_error("it holds no network");
  net.setPreferableBackend(place.opencv_backend);
  net.setPreferableTarget(place.opencv_target);
  ports.outputs = net.getUnconnectedOutLayersNames();
  return std::make_unique<OpenCvNet>(std::move(net), std::move(ports), batch);
}

std::unique_ptr<Net> load_any(const sdk::ModelFile& file, const Place& place, int batch) {
  if (ends_with_nocase(file.path, ".onnx")) return load_onnx(file.path, place, batch);
  if (!ends_with_nocase(file.path, ".weights")) throw std::runtime_error("the name must end in .onnx or .weights");
  if (file.config.empty()) throw std::runtime_error("Darknet weights need their .cfg");
  return load_darknet(file, place, batch);
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
  OpenCvEngine() { quieten(); }
  std::string name() const override { return "opencv"; }

  std::vector<Backend> backends() const override {
    std::vector<Backend> here;
    for (const Place& place : kPlaces) {
      if (available(place)) here.push_back(place.backend);
    }
    return here;
  }

  std::unique_ptr<Net> load(const sdk::ModelFile& file, Backend backend, int batch) override {
    try {
      return load_any(file, place_of(backend), batch);
    } catch (const std::exception& error) {
      const std::string why = reason(error);
      if (why.starts_with("cannot load model: ")) throw std::runtime_error(why);
      throw cannot_load(file.path, why);
    }
  }
};

}  // namespace

std::unique_ptr<Engine> make_opencv_engine() { return std::make_unique<OpenCvEngine>(); }

}  // namespace lynceus::infer

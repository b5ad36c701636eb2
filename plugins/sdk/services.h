// What the daemon does for an analyzer: the only way out of a plugin besides its Observations.
//
// Lives longer than the analyzer. Thread: bound to the camera's worker.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/options.h"

namespace lynceus::sdk {

enum class LogLevel { debug, info, warning, error };

class Log {
 public:
  virtual ~Log() = default;
  /// Camera and plugin are added by the daemon; at most ten lines a second get through.
  virtual void write(LogLevel level, std::string_view message) = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::steady_clock::time_point now() const = 0;
  virtual std::chrono::system_clock::time_point wall() const = 0;
};

/// A network on disk: one ONNX file, or Darknet weights with their cfg.
struct ModelFile {
  std::string path;
  std::string config;  ///< Darknet cfg; empty for ONNX
};

/// Networks, run by the daemon's engines. infer() is the only wait an analyzer may make; it ends with an exception when
/// the camera is stopped.
class Inference {
 public:
  virtual ~Inference() = default;
  using Model = int;
  /// Throws std::runtime_error with a clear line when the file is missing, wrong or not loadable.
  virtual Model load(const ModelFile& file) = 0;
  /// One input of batch 1 per input of the network (CV_32F, N×C×H×W); returns one tensor per output.
  virtual std::vector<cv::Mat> infer(Model model, const std::vector<cv::Mat>& inputs) = 0;
  /// Memory for one input of these dimensions (the first is 1), its numbers undefined: filled and given to infer() it
  /// need not be copied, for it lies where the next batch does. For one call: afterwards it is somebody else's.
  virtual cv::Mat input(Model, const std::vector<int>& dims) { return cv::Mat(dims, CV_32F); }
  /// Dimensions of each input without the batch, -1 where the network leaves one open; empty: the file does not tell.
  virtual std::vector<std::vector<int>> input_shapes(Model) const { return {}; }
};

/// Named blobs that survive restarts, 16 MiB a camera. Read at start, written behind.
class State {
 public:
  virtual ~State() = default;
  virtual std::optional<std::vector<std::byte>> read(std::string_view name) = 0;
  /// False when the camera's 16 MiB would be exceeded; nothing is changed then.
  virtual bool write(std::string_view name, std::span<const std::byte> blob) = 0;
};

/// Pictures that an option of type `file` names: an image, a folder of images in natural order, or a video. To be read
/// when the analyzer is made, since it may take seconds.
class Pictures {
 public:
  virtual ~Pictures() = default;
  /// Called with each picture, 8UC3 (BGR), and its seconds from the first; says whether it wants the next.
  using Take = std::function<bool(const cv::Mat& picture, double time_s)>;
  /// Throws std::runtime_error with a clear line when there is nothing to read, and when the camera is stopped.
  virtual void read(const std::string& path, const Take& take) = 0;
};

/// Small text files that an option of type `file` names: a calibration, boxes made elsewhere. To be read when the analyzer
/// is made.
class Files {
 public:
  virtual ~Files() = default;
  /// The whole file; throws std::runtime_error with a clear line when it cannot be read or is larger than 64 MiB.
  virtual std::string read(const std::string& path) = 0;
};

/// What the analyzer should know of its camera.
struct CameraInfo {
  std::string id;
  bool thermal = false;
  std::vector<Zone> zones;  ///< those meant for this plugin
  std::vector<Line> lines;
  std::optional<Ground> ground;
  std::vector<std::string> model_dirs;  ///< where networks lie, see model_path.h
};

class Services {
 public:
  virtual ~Services() = default;
  virtual Log& log() = 0;
  virtual const Clock& clock() const = 0;
  virtual const Options& options() const = 0;
  virtual const CameraInfo& camera() const = 0;
  virtual Inference& inference() = 0;
  virtual State& state() = 0;
  virtual Pictures& pictures() = 0;
  virtual Files& files() = 0;
};

}  // namespace lynceus::sdk

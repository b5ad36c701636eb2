// What one analyzer sees of the daemon: each service of the sdk on top of the daemon's own part for it.
//
// Owner: the analyzer's slot; must outlive the analyzer. Thread: bound to the camera's worker.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "pipeline/host/analyzer_slot.h"

namespace lynceus::host {

/// At most ten lines a second; the first line after a flood tells how many were withheld.
class SlotLog final : public sdk::Log {
 public:
  SlotLog(const std::string& camera, const std::string& plugin, lynceus::Clock& clock)
      : camera_(camera), plugin_(plugin), clock_(clock) {}
  void write(sdk::LogLevel level, std::string_view message) override;

 private:
  bool allow();

  const std::string camera_, plugin_;
  lynceus::Clock& clock_;
  MonoTime second_begins_{};
  int lines_ = 0;
  std::uint64_t withheld_ = 0;
};

class SlotClock final : public sdk::Clock {
 public:
  explicit SlotClock(const lynceus::Clock& clock) : clock_(clock) {}
  std::chrono::steady_clock::time_point now() const override { return clock_.now(); }
  std::chrono::system_clock::time_point wall() const override { return clock_.wall(); }

 private:
  const lynceus::Clock& clock_;
};

/// Ends its waits when the camera stops.
class SlotInference final : public sdk::Inference {
 public:
  SlotInference(infer::ModelRunner* models, std::stop_token stop) : models_(models), stop_(std::move(stop)) {}
  Model load(const sdk::ModelFile& file) override;
  std::vector<cv::Mat> infer(Model model, const std::vector<cv::Mat>& inputs) override;
  cv::Mat input(Model model, const std::vector<int>& dims) override;
  std::vector<std::vector<int>> input_shapes(Model model) const override;

 private:
  infer::ModelRunner& runner() const;

  infer::ModelRunner* models_;
  std::stop_token stop_;
};

class SlotBlobs final : public sdk::State {
 public:
  SlotBlobs(const std::string& camera, const std::string& plugin, StateStore* store)
      : camera_(camera), plugin_(plugin), store_(store) {}
  std::optional<std::vector<std::byte>> read(std::string_view name) override;
  bool write(std::string_view name, std::span<const std::byte> blob) override;

 private:
  const std::string camera_, plugin_;
  StateStore* store_;
};

/// Ends its reading when the camera stops.
class SlotPictures final : public sdk::Pictures {
 public:
  explicit SlotPictures(std::stop_token stop) : stop_(std::move(stop)) {}
  void read(const std::string& path, const Take& take) override;

 private:
  std::stop_token stop_;
};

/// Bounded, and regular files only.
class SlotFiles final : public sdk::Files {
 public:
  std::string read(const std::string& path) override;
};

class SlotServices final : public sdk::Services {
 public:
  explicit SlotServices(const AnalyzerSlot::Setup& setup);

  sdk::Log& log() override { return log_; }
  const sdk::Clock& clock() const override { return clock_; }
  const sdk::Options& options() const override { return options_; }
  const sdk::CameraInfo& camera() const override { return camera_; }
  sdk::Inference& inference() override { return inference_; }
  sdk::State& state() override { return state_; }
  sdk::Pictures& pictures() override { return pictures_; }
  sdk::Files& files() override { return files_; }

 private:
  const sdk::CameraInfo camera_;
  const sdk::Options options_;
  SlotLog log_;
  SlotClock clock_;
  SlotInference inference_;
  SlotBlobs state_;
  SlotPictures pictures_;
  SlotFiles files_;
};

}  // namespace lynceus::host

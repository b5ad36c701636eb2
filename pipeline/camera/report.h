// What a camera's worker says to the rest of the daemon, frame by frame. Everything here is immutable once published.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "plugins/sdk/frame.h"
#include "plugins/sdk/input.h"
#include "plugins/sdk/observations.h"

namespace lynceus::camera {

/// One analyzer's word on one frame.
struct AnalyzerReport {
  std::string plugin;
  std::shared_ptr<const sdk::Observations> observations;
  double seconds = 0;
  double cpu_seconds = 0;  ///< of the worker's thread
};

struct FrameReport {
  std::string camera;
  sdk::FramePtr frame;
  sdk::Light light = sdk::Light::day;
  double gate_seconds = 0;
  double gate_cpu_seconds = 0;
  bool motion = false;
  std::vector<AnalyzerReport> analyzers;  ///< only those called for this frame
};

/// Hears each analysed frame on the worker's thread. Must return at once and never throw.
class ReportSink {
 public:
  virtual ~ReportSink() = default;
  virtual void on_report(const FrameReport& report) = 0;
};

/// Which views somebody wants of a camera just now. Thread: any.
class Demand {
 public:
  virtual ~Demand() = default;
  virtual std::vector<std::string> wanted(const std::string& camera) const = 0;
};

/// Nobody wants anything.
class NoDemand final : public Demand {
 public:
  std::vector<std::string> wanted(const std::string&) const override { return {}; }
};

}  // namespace lynceus::camera

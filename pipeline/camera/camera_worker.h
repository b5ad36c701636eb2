// One thread per camera: takes the newest frame, runs the chain, publishes the report.
//
// It is the FrameSink of its source: on_frame puts into a one-slot mailbox and counts what was replaced. Frames beyond
// the gate's rate (half of it while nothing moves, or nobody waits for motion) are dropped there and counted
// ("schedule"), unless an analyzer wants every frame or somebody watches. When analysis takes more than its share of
// the frame interval, frames are skipped before the chain and counted
// ("load"). Owner: app. Thread: on_frame, stats any; start and stop the owner. A frame under work for more than 10 s:
// `stuck`.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/camera/chain.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::camera {

struct WorkerStats {
  std::uint64_t frames_analyzed = 0;
  std::uint64_t dropped_mailbox = 0;   ///< replaced before the worker came for it
  std::uint64_t dropped_schedule = 0;  ///< nobody's turn: more frames come than the gate looks at
  std::uint64_t dropped_load = 0;      ///< skipped to stay within the budget
  double fps_analyzed = 0;
  double cpu_seconds = 0;  ///< of the worker's thread
  bool stuck = false;
  std::string in_plugin;  ///< the plugin the worker is in just now; empty between calls
  struct Analyzer {
    std::string plugin;
    host::SlotState state;
    std::uint64_t errors = 0;
    std::string last_error;
  };
  std::vector<Analyzer> analyzers;
};

class CameraWorker final : public ingest::FrameSink {
 public:
  CameraWorker(CameraSettings settings, ChainContext context, const Demand& demand, ReportSink& reports);
  /// Stops. A worker stuck in a plugin is left behind after 1 s with its thread detached: it says nothing more, but the
  /// context's clock, models, state and plugins must outlive it (the daemon ends by _exit then).
  ~CameraWorker() override;

  void start();
  /// Asks it to end; returns true when it has within the time.
  bool stop(std::chrono::milliseconds within);
  void on_frame(sdk::FramePtr frame) override;
  /// The source reconnected: the next frame has nothing to do with the one before. Thread: any.
  void on_discontinuity();
  /// The next frame becomes the plugin's reference (sdk::Input::take_reference). Thread: any.
  void take_reference(const std::string& plugin);
  WorkerStats stats() const;
  const CameraSettings& settings() const;

  /// What the thread does again and again, for tests without one: handles the frame that waits just now. False: none.
  bool run_once();

 private:
  struct Impl;
  struct Thread;
  std::shared_ptr<Impl> impl_;  ///< shared with the thread, so that a stuck one keeps what it stands on
  std::unique_ptr<Thread> thread_;
};

}  // namespace lynceus::camera

// Gate and analyzers of one camera, without thread and clock of their own: one call a frame, in order.
//
// The worker runs it in the daemon, `lynceus analyze` runs it on pictures: both say the same of the same frame.
// Facts published by an analyzer are seen by those after it. Thread: bound to its owner; slots() any.
#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "pipeline/camera/camera_settings.h"
#include "pipeline/camera/gate.h"
#include "pipeline/camera/report.h"
#include "pipeline/host/analyzer_slot.h"
#include "pipeline/host/plugin_host.h"

namespace lynceus::camera {

struct ChainContext {
  const host::PluginHost* plugins = nullptr;
  infer::ModelRunner* models = nullptr;
  host::StateStore* state = nullptr;
  host::CrashNote* crashes = nullptr;  ///< null: none is kept
  Clock* clock = nullptr;
  std::vector<std::string> model_dirs;  ///< searched in order
  std::stop_token stop;
};

class Chain {
 public:
  /// A plugin that is not loaded is left out with a log line (config/ has refused it before).
  Chain(const CameraSettings& settings, const ChainContext& context);
  ~Chain();

  struct Call {
    bool still = false;          ///< unrelated picture: no gate history, every analyzer called
    bool discontinuity = false;  ///< reconnected; the chain sees new sizes and light flips itself
    std::vector<std::string> wanted_views;
    std::vector<std::string> references;  ///< plugins that are to take this picture as their reference
    /// Names the plugin that is running just now, null between calls; for whoever watches from another thread. The
    /// name lives as long as the chain.
    std::atomic<const std::string*>* in_plugin = nullptr;
  };
  FrameReport process(const sdk::FramePtr& frame, const Call& call);

  const std::vector<std::unique_ptr<host::AnalyzerSlot>>& slots() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lynceus::camera

// One analyzer's life in `analyze`: from the first picture of an input to the last.
// Thread: bound to its owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/camera/chain.h"
#include "tools/analyze/setup.h"

namespace lynceus::tools {

class Session {
 public:
  /// Throws Error (Exit::usage) when the plugin refuses its options.
  /// Without `views` nothing derived is drawn.
  Session(const Setup& setup, bool still, bool views = true);

  /// Nothing when the analyzer threw; why() tells.
  std::unique_ptr<camera::AnalyzerReport> process(const sdk::FramePtr& frame);
  std::string why() const;
  bool disabled() const;

 private:
  const host::AnalyzerSlot& slot() const { return *chain_.slots().at(0); }

  std::unique_ptr<host::StateStore> state_;
  camera::Chain chain_;
  camera::Chain::Call call_;
};

}  // namespace lynceus::tools

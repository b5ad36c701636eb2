#include "tools/analyze/session.h"

#include <utility>

#include "base/error.h"

namespace lynceus::tools {
namespace {

camera::ChainContext context_of(const Setup& setup, host::StateStore* state) {
  camera::ChainContext context;
  context.plugins = setup.host.get();
  context.models = setup.models.get();
  context.state = state;
  context.clock = &system_clock();
  context.model_dirs = setup.model_dirs;
  return context;
}

}  // namespace

Session::Session(const Setup& setup, bool still, bool views)
    : state_(host::make_memory_state()), chain_(setup.camera, context_of(setup, state_.get())) {
  if (disabled()) throw Error(Exit::usage, "analyze", setup.plugin->info().name, why());
  call_.still = still;
  if (views) call_.wanted_views = setup.plugin->info().views;  // figures of a line may need them, with or without --out
}

std::unique_ptr<camera::AnalyzerReport> Session::process(const sdk::FramePtr& frame) {
  camera::FrameReport report = chain_.process(frame, call_);
  if (report.analyzers.empty()) return nullptr;
  return std::make_unique<camera::AnalyzerReport>(std::move(report.analyzers[0]));
}

std::string Session::why() const { return slot().last_error(); }

bool Session::disabled() const { return slot().state() == host::SlotState::disabled; }

}  // namespace lynceus::tools

#include "pipeline/host/analyzer_slot.h"

#include <chrono>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "base/log.h"
#include "pipeline/host/observation_filter.h"
#include "pipeline/host/slot_services.h"
#include "pipeline/host/utf8.h"

namespace lynceus::host {
namespace {

constexpr int kErrorsInARow = 5;
constexpr const char* kCrashed = "the daemon crashed in it three times in a row";

double seconds(MonoTime time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

}  // namespace

struct AnalyzerSlot::Impl {
  explicit Impl(const Setup& setup)
      : plugin(setup.plugin->info().name),
        camera(setup.camera.id),
        clock(*setup.clock),
        stop(setup.stop),
        services(setup),
        noted(setup.crashes ? &setup.crashes->entry(camera, plugin) : nullptr) {}

  const std::string plugin, camera;
  lynceus::Clock& clock;
  const std::stop_token stop;
  SlotServices services;                    // before the analyzer: it must outlive it
  CrashNote::Entry* const noted;            // null: no note is kept
  std::unique_ptr<sdk::Analyzer> analyzer;  // null once disabled
  ObservationFilter filter;
  int errors_in_a_row = 0;
  log::Limiter error_lines, dropped_lines{60};
  mutable std::mutex error_mutex;
  std::string last_error;  // guarded by error_mutex
};

AnalyzerSlot::AnalyzerSlot(Setup setup) : impl_(std::make_unique<Impl>(setup)) {
  if (impl_->noted != nullptr && impl_->noted->disabled()) {
    impl_->last_error = kCrashed;
    disable("it is not called until the configuration changes or the file plugin-crashes is removed");
    return;
  }
  create(setup);
  if (!impl_->analyzer) disable("it could not be created");
}

void AnalyzerSlot::create(const Setup& setup) {
  contained([&] {
    impl_->analyzer = setup.plugin->create(impl_->services);
    if (!impl_->analyzer) throw std::runtime_error("the plugin made no analyzer");
  });
}

AnalyzerSlot::~AnalyzerSlot() = default;

std::optional<sdk::Observations> AnalyzerSlot::process(const sdk::Input& input) {
  if (state() == SlotState::disabled) return std::nullopt;
  sdk::Observations said;
  if (!contained([&] { impl_->analyzer->process(input, said); })) {
    if (!impl_->stop.stop_requested() && ++impl_->errors_in_a_row >= kErrorsInARow)
      disable("it failed five times in a row");
    return std::nullopt;
  }
  impl_->errors_in_a_row = 0;
  count_dropped(impl_->filter.apply(said));
  return said;
}

template <class Call>
bool AnalyzerSlot::contained(Call&& call) {
  const CrashNote::Call noted(impl_->noted);
  try {
    call();
    return true;
  } catch (const std::exception& error) {
    if (impl_->stop.stop_requested()) return false;  // a wait that ended as it should
    count_error(error.what());
  } catch (...) {
    count_error("something that is no std::exception");
  }
  return false;
}

void AnalyzerSlot::count_error(const char* text) {
  std::string clean = text;
  clean_text(clean, 500);
  ++errors_;
  if (impl_->error_lines.allow(seconds(impl_->clock.now()))) {
    log::warning("analyzer", "threw", {{"camera", impl_->camera}, {"plugin", impl_->plugin}, {"error", clean}});
  }
  std::lock_guard lock(impl_->error_mutex);
  impl_->last_error = std::move(clean);
}

void AnalyzerSlot::count_dropped(std::uint64_t dropped) {
  if (dropped == 0) return;
  dropped_ += dropped;
  if (!impl_->dropped_lines.allow(seconds(impl_->clock.now()))) return;
  log::warning("analyzer", "part of what it said was left out: not a number, broken or too much",
               {{"camera", impl_->camera}, {"plugin", impl_->plugin}, {"dropped", dropped_.load()}});
}

void AnalyzerSlot::disable(const char* why) {
  state_ = SlotState::disabled;
  impl_->analyzer.reset();
  log::error("analyzer", "disabled",
             {{"camera", impl_->camera}, {"plugin", impl_->plugin}, {"why", why}, {"error", last_error()}});
}

const std::string& AnalyzerSlot::plugin() const { return impl_->plugin; }

std::string AnalyzerSlot::last_error() const {
  std::lock_guard lock(impl_->error_mutex);
  return impl_->last_error;
}

}  // namespace lynceus::host

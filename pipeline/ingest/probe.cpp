#include "pipeline/ingest/probe.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::ingest {
namespace {

using std::chrono::milliseconds;

/// Listens to a source until it streams or has failed.
class Listener final : public FrameSink, public StateSink {
 public:
  void on_frame(sdk::FramePtr) override {
    std::lock_guard lock(mutex_);
    ++frames_;
    last_ = system_clock().now();
    if (!first_) first_ = last_;
    changed_.notify_all();
  }
  void on_state(const std::string&, TransportState state, const std::string&) override {
    std::lock_guard lock(mutex_);
    state_ = state;
    changed_.notify_all();
  }

  /// The first frame's time; nothing when there was none.
  std::optional<MonoTime> wait_for_frame(MonoTime deadline) {
    std::unique_lock lock(mutex_);
    system_clock().wait_until(lock, changed_, {}, deadline, [&] { return first_ || final_state(); });
    return first_;
  }
  void wait_for_end(MonoTime deadline) {
    std::unique_lock lock(mutex_);
    system_clock().wait_until(lock, changed_, {}, deadline, [&] { return final_state(); });
  }
  double fps() const {
    std::lock_guard lock(mutex_);
    const double time_s = first_ ? std::chrono::duration<double>(last_ - *first_).count() : 0;
    return time_s > 0 ? static_cast<double>(frames_ - 1) / time_s : 0;
  }

 private:
  bool final_state() const { return state_ != TransportState::connecting && state_ != TransportState::streaming; }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  TransportState state_ = TransportState::connecting;  // guarded by mutex_
  std::int64_t frames_ = 0;                            // guarded by mutex_
  std::optional<MonoTime> first_;                      // guarded by mutex_
  MonoTime last_{};                                    // guarded by mutex_
};

}  // namespace

ProbeResult probe(const std::string& address, milliseconds timeout) {
  SourceSettings settings;
  settings.detect = address;
  return probe(settings, timeout);
}

ProbeResult probe(const SourceSettings& given, milliseconds timeout) {
  constexpr std::chrono::seconds kMeasured{2};
  SourceSettings settings = given;
  settings.fps = 0;
  settings.connect_timeout = timeout;
  Listener listener;
  const auto source = make_source("probe", settings, system_clock(), listener, &listener);
  const MonoTime begin = system_clock().now();
  source->start();

  ProbeResult result;
  if (const auto first = listener.wait_for_frame(begin + timeout)) {
    const auto bytes_before = source->counters().bytes.load();
    listener.wait_for_end(*first + kMeasured);
    result.to_first_frame = std::chrono::duration_cast<milliseconds>(*first - begin);
    result.fps = listener.fps();
    const auto bytes = source->counters().bytes.load() - bytes_before;
    result.kbit_per_s = static_cast<double>(bytes) * 8 / 1000 / static_cast<double>(kMeasured.count());
  }
  const SourceStatus status = source->status();
  source->stop();
  result.state = status.state;
  result.reason = status.reason;
  result.codec = status.codec;
  result.width = status.width;
  result.height = status.height;
  result.transport = status.transport;
  return result;
}

}  // namespace lynceus::ingest

#include "pipeline/camera/camera_worker.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/cpu_time.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "pipeline/camera/load.h"
#include "pipeline/ingest/raster.h"

namespace lynceus::camera {

using namespace std::chrono_literals;

namespace {

constexpr auto kStuckAfter = 10s;
constexpr auto kLeaveBehindAfter = 1s;
constexpr auto kIdle = 10s;  // the mailbox wakes earlier when a frame or a stop comes
constexpr auto kRateOver = 5s;
constexpr auto kCalmAfter = 3s;    // nothing moved for so long: the gate looks
constexpr double kCalmRate = 0.5;  // at this share of its rate, until something does
constexpr std::size_t kMostTimes = 1024;

double seconds(MonoTime::duration d) { return std::chrono::duration<double>(d).count(); }
std::int64_t ticks(MonoTime t) { return t.time_since_epoch().count(); }

void name_thread(const std::string& camera) {
  pthread_setname_np(pthread_self(), ("cam:" + camera).substr(0, 15).c_str());
}

bool wants(const CameraSettings& settings, Cadence::Mode mode) {
  return std::any_of(settings.analyzers.begin(), settings.analyzers.end(),
                     [&](const AnalyzerSettings& analyzer) { return analyzer.when.mode == mode; });
}

/// Looks a second, 0: every frame. Motion is looked for at the full rate only where an analyzer waits for it.
double looks(const CameraSettings& settings, bool calm) {
  if (wants(settings, Cadence::Mode::every_frame)) return 0;
  const bool keen = !calm && wants(settings, Cadence::Mode::on_motion);
  return settings.gate.fps * (keen ? 1.0 : kCalmRate);
}

/// Frames a second over the last five.
class Rate {
 public:
  void add(MonoTime now) {
    std::lock_guard lock(mutex_);
    times_.push_back(now);
    while (times_.size() > kMostTimes || now - times_.front() > kRateOver) times_.pop_front();
  }
  double per_second(MonoTime now) const {
    std::lock_guard lock(mutex_);
    const auto recent = std::count_if(times_.begin(), times_.end(), [&](MonoTime t) { return now - t < kRateOver; });
    if (recent < 2) return 0;
    return double(recent - 1) / std::max(1e-3, seconds(times_.back() - *(times_.end() - recent)));
  }

 private:
  mutable std::mutex mutex_;
  std::deque<MonoTime> times_;  // guarded by mutex_
};

}  // namespace

struct CameraWorker::Impl {
  Impl(CameraSettings s, ChainContext c, const Demand& d, ReportSink& r)
      : settings(std::move(s)),
        context(std::move(c)),
        demand(&d),
        reports(&r),
        raster(looks(settings, false)),
        calm_raster(looks(settings, true)),
        load(settings.gate.budget_percent) {}

  // Constant after construction.
  const CameraSettings settings;
  ChainContext context;  // its stop becomes ours at start

  // Self-synchronised.
  std::stop_source stop;
  Mailbox<sdk::FramePtr> mailbox;
  std::atomic<bool> discontinuity{false};
  std::atomic<std::uint64_t> analyzed{0}, replaced{0}, skipped{0}, unscheduled{0};
  std::atomic<bool> watched{false};         // somebody looks at a view: every frame counts
  std::atomic<bool> calm{false};            // nothing has moved lately
  std::atomic<std::int64_t> busy_since{0};  // 0: waits for a frame
  std::atomic<const std::string*> in_plugin{nullptr};
  std::atomic<double> cpu_seconds{0};
  Rate rate;

  std::mutex outside_mutex;
  const Demand* demand;  // guarded by outside_mutex; null once left behind
  ReportSink* reports;   // likewise

  std::mutex references_mutex;
  std::vector<std::string> references;  // guarded by references_mutex; plugins asked since the last frame

  mutable std::mutex chain_mutex;
  std::unique_ptr<Chain> chain;  // set once under chain_mutex, by the worker; used by it without

  std::mutex ended_mutex;
  std::condition_variable ended_changed;
  bool ended = true;  // guarded by ended_mutex

  // Bound to the thread that brings frames.
  ingest::Raster raster, calm_raster;

  // Bound to the worker's thread.
  Load load;
  MonoTime stirred{};  // when something last moved, or nothing was known yet
  log::Limiter complaints;

  void run();
  void run_guarded(const sdk::FramePtr& frame);
  void handle(const sdk::FramePtr& frame);
  void make_chain();
  std::vector<std::string> wanted_views();
  std::vector<std::string> take_references();
  void publish(const FrameReport& report);
  bool wait_ended(std::chrono::milliseconds within);
  void leave_behind();
  bool is_stuck() const;
};

/// Creating an analyzer may load a network, so it is the worker that does it.
void CameraWorker::Impl::make_chain() {
  auto made = std::make_unique<Chain>(settings, context);
  std::lock_guard lock(chain_mutex);
  chain = std::move(made);
}

std::vector<std::string> CameraWorker::Impl::wanted_views() {
  std::lock_guard lock(outside_mutex);
  return demand ? demand->wanted(settings.id) : std::vector<std::string>{};
}

std::vector<std::string> CameraWorker::Impl::take_references() {
  std::lock_guard lock(references_mutex);
  return std::exchange(references, {});
}

void CameraWorker::Impl::publish(const FrameReport& report) {
  std::lock_guard lock(outside_mutex);
  if (reports) reports->on_report(report);
}

void CameraWorker::Impl::handle(const sdk::FramePtr& frame) {
  Clock& clock = *context.clock;
  load.arrived(frame->captured(), frame->sequence());
  const MonoTime began = clock.now();
  if (load.over_budget(began)) {
    ++skipped;
    return;
  }
  busy_since = ticks(began);
  if (!chain) make_chain();
  Chain::Call call;
  call.discontinuity = discontinuity.exchange(false);
  call.wanted_views = wanted_views();
  call.references = take_references();
  watched = !call.wanted_views.empty();
  call.in_plugin = &in_plugin;
  const FrameReport report = chain->process(frame, call);
  if (report.motion || call.discontinuity || report.light == sdk::Light::adapting || stirred == MonoTime{}) {
    stirred = frame->captured();
  }
  calm = frame->captured() - stirred > kCalmAfter;
  ++analyzed;
  const MonoTime ended_at = clock.now();
  rate.add(ended_at);
  load.worked(began, ended_at);
  publish(report);
}

/// Nothing a frame brings may end the camera's thread.
void CameraWorker::Impl::run_guarded(const sdk::FramePtr& frame) {
  try {
    handle(frame);
  } catch (const std::exception& e) {
    if (complaints.allow(seconds(context.clock->now().time_since_epoch()))) {
      log::error("camera", "frame could not be analysed", {{"camera", settings.id}, {"why", e.what()}});
    }
  }
  in_plugin = nullptr;
  busy_since = 0;
  cpu_seconds = thread_cpu_seconds();
}

void CameraWorker::Impl::run() {
  name_thread(settings.id);
  const std::stop_token token = stop.get_token();
  while (!token.stop_requested()) {
    const auto frame = mailbox.take(*context.clock, token, context.clock->now() + kIdle);
    if (frame && !token.stop_requested()) run_guarded(*frame);
  }
  std::lock_guard lock(ended_mutex);
  ended = true;
  ended_changed.notify_all();
}

/// Real time on purpose: this bounds the shutdown, whatever clock the cameras run on.
bool CameraWorker::Impl::wait_ended(std::chrono::milliseconds within) {
  std::unique_lock lock(ended_mutex);
  return ended_changed.wait_for(lock, within, [&] { return ended; });
}

void CameraWorker::Impl::leave_behind() {
  std::lock_guard lock(outside_mutex);
  demand = nullptr;
  reports = nullptr;
}

bool CameraWorker::Impl::is_stuck() const {
  const std::int64_t since = busy_since.load();
  return since != 0 && context.clock->now() - MonoTime(MonoTime::duration(since)) > kStuckAfter;
}

struct CameraWorker::Thread {
  explicit Thread(const std::stop_token& outer, std::stop_source& own) : chained(outer, Request{own}) {}
  struct Request {
    std::stop_source& own;
    void operator()() const { own.request_stop(); }
  };
  std::stop_callback<Request> chained;
  std::jthread thread;
};

CameraWorker::CameraWorker(CameraSettings settings, ChainContext context, const Demand& demand, ReportSink& reports)
    : impl_(std::make_shared<Impl>(std::move(settings), std::move(context), demand, reports)),
      thread_(std::make_unique<Thread>(impl_->context.stop, impl_->stop)) {
  impl_->context.stop = impl_->stop.get_token();
}

CameraWorker::~CameraWorker() {
  if (stop(kLeaveBehindAfter)) return;
  const std::string* plugin = impl_->in_plugin.load();
  log::error("camera", "worker does not end, left behind",
             {{"camera", impl_->settings.id}, {"plugin", plugin ? *plugin : std::string("-")}});
  impl_->leave_behind();
  thread_->thread.detach();
}

void CameraWorker::start() {
  if (thread_->thread.joinable()) return;
  impl_->ended = false;
  thread_->thread = std::jthread([impl = impl_] { impl->run(); });
}

bool CameraWorker::stop(std::chrono::milliseconds within) {
  impl_->stop.request_stop();
  return impl_->wait_ended(within);
}

void CameraWorker::on_frame(sdk::FramePtr frame) {
  // A frame that is nobody's turn does not even wake the worker.
  ingest::Raster& raster = impl_->calm ? impl_->calm_raster : impl_->raster;
  if (!raster.due(frame->captured()) && !impl_->watched) {
    ++impl_->unscheduled;
    return;
  }
  if (impl_->mailbox.put(std::move(frame))) ++impl_->replaced;
}

void CameraWorker::on_discontinuity() { impl_->discontinuity = true; }

void CameraWorker::take_reference(const std::string& plugin) {
  std::lock_guard lock(impl_->references_mutex);
  std::vector<std::string>& asked = impl_->references;
  if (std::find(asked.begin(), asked.end(), plugin) == asked.end()) asked.push_back(plugin);
}

bool CameraWorker::run_once() {
  const auto frame = impl_->mailbox.try_take();
  if (frame) impl_->run_guarded(*frame);
  return frame.has_value();
}

const CameraSettings& CameraWorker::settings() const { return impl_->settings; }

WorkerStats CameraWorker::stats() const {
  WorkerStats stats;
  stats.frames_analyzed = impl_->analyzed;
  stats.dropped_mailbox = impl_->replaced;
  stats.dropped_load = impl_->skipped;
  stats.dropped_schedule = impl_->unscheduled;
  stats.fps_analyzed = impl_->rate.per_second(impl_->context.clock->now());
  stats.cpu_seconds = impl_->cpu_seconds;
  stats.stuck = impl_->is_stuck();
  if (const std::string* plugin = impl_->in_plugin.load()) stats.in_plugin = *plugin;
  std::lock_guard lock(impl_->chain_mutex);
  if (!impl_->chain) return stats;
  for (const auto& slot : impl_->chain->slots()) {
    stats.analyzers.push_back({slot->plugin(), slot->state(), slot->errors(), slot->last_error()});
  }
  return stats;
}

}  // namespace lynceus::camera

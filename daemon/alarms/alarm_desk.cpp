#include "daemon/alarms/alarm_desk.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/error.h"
#include "daemon/alarms/desk_thread.h"

namespace lynceus::daemon {
struct AlarmDesk::Impl {
  Impl(Settings settings_in, const config::Config& config, Clock& clock_in)
      : settings(std::move(settings_in)),
        clock(clock_in),
        store(settings.file, settings.vfs),
        reader(settings.file, settings.vfs),
        row_reader(settings.file, settings.vfs),
        outbox(
            row_reader,
            [this](std::function<void()> work) { order([work = std::move(work)](Moment) { work(); }, false); },
            [this] { wake(); }),
        desk(settings, config, store, {clock, inbox, live, outbox}) {}

  /// False: the desk has ended or is overrun.
  bool order(DeskInbox::Order order, bool may_refuse) {
    if (ended.load() || !inbox.order(std::move(order), may_refuse)) return false;
    wake();
    return true;
  }
  void ask(const Done& done, DeskInbox::Order question) {
    if (!order(std::move(question), true) && done) done({});
  }
  void wake() {
    {
      std::lock_guard lock(mutex);
      called = true;
    }
    changed.notify_all();
  }
  void run(const std::stop_token& stop);

  const Settings settings;
  Clock& clock;
  AlarmStore store;
  AlarmReader reader, row_reader;  ///< a long list of alarms does not hold up a sink
  DeskInbox inbox;
  LiveAlarms live;
  DeskOutbox outbox;
  DeskThread desk;
  std::atomic<bool> ended{false};

  std::mutex mutex;
  std::condition_variable_any changed;
  bool called = true;         // guarded by mutex
  bool hurry = false;         // guarded by mutex
  std::uint64_t flushed = 0;  // guarded by mutex; rounds of flush() that were done
  bool clean = true;          // guarded by mutex; the last of them left nothing
  std::jthread thread;
};

void AlarmDesk::Impl::run(const std::stop_token& stop) {
  for (;;) {
    std::unique_lock lock(mutex);
    // What comes close together is written together; a flush or the end does not wait for more.
    clock.wait_until(lock, changed, stop, desk.next(), [this] { return called || hurry; });
    const bool now = std::exchange(hurry, false), ending = stop.stop_requested();
    called = false;
    lock.unlock();
    desk.round(now || ending);
    if (now || ending) {
      if (!inbox.empty() || outbox.has_reports()) desk.round(true);
      lock.lock();
      ++flushed;
      clean = !desk.owes();
      changed.notify_all();
      lock.unlock();
    }
    if (ending) return;
  }
}

AlarmDesk::AlarmDesk(Settings settings, const config::Config& config, Clock& clock) {
  const std::string file = settings.file;
  try {
    impl_ = std::make_unique<Impl>(std::move(settings), config, clock);
  } catch (const DatabaseError& e) {
    throw Error(Exit::fatal, "storage", file, e.advice());
  }
}

AlarmDesk::~AlarmDesk() {
  impl_->ended = true;
  impl_->thread.request_stop();
  if (impl_->thread.joinable()) impl_->thread.join();
  if (!impl_->inbox.empty()) impl_->desk.round(true);  // came after the last round
}

void AlarmDesk::add_listener(AlarmListener& listener) { impl_->desk.add_listener(listener); }

void AlarmDesk::start() {
  impl_->thread = std::jthread([impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); });
}

void AlarmDesk::report(const camera::FrameReport& report) {
  if (impl_->inbox.report(report)) impl_->wake();
}

void AlarmDesk::camera_state(const std::string& camera, ingest::TransportState state, const std::string& reason) {
  impl_->order([=, desk = &impl_->desk](Moment now) { desk->engine().camera_state(camera, state, reason, now); },
               false);
}

void AlarmDesk::own(const std::string& camera, const sdk::Condition& condition) {
  impl_->order([=, desk = &impl_->desk](Moment now) { desk->engine().own(camera, condition, now); }, false);
}

void AlarmDesk::configured(const config::Config& config) {
  impl_->order([rules = Rulebook(config), desk = &impl_->desk](Moment now) { desk->engine().configured(rules, now); },
               false);
}

void AlarmDesk::acknowledge(const std::string& id, const std::string& who, Done done) {
  impl_->ask(done, [=, desk = &impl_->desk](Moment now) { desk->acknowledge(id, who, done, now); });
}

void AlarmDesk::shelve(const std::string& id, std::chrono::minutes time, const std::string& who, Done done) {
  impl_->ask(done, [=, desk = &impl_->desk](Moment now) { desk->shelve(id, time, who, done, now); });
}

void AlarmDesk::shelve_site(std::chrono::minutes time, const std::string& who, Done done) {
  impl_->ask(done, [=, desk = &impl_->desk](Moment now) { desk->shelve_site(time, who, done, now); });
}

void AlarmDesk::clear(const std::string& id, const std::string& who, Done done) {
  impl_->ask(done, [=, desk = &impl_->desk](Moment now) { desk->clear(id, who, done, now); });
}

void AlarmDesk::evidence(const std::string& id, bool snapshot, bool clip, std::optional<WallTime> clip_from) {
  impl_->order([=, desk = &impl_->desk](Moment now) { desk->evidence(id, snapshot, clip, clip_from, now); }, false);
}

void AlarmDesk::evidence_gone(const std::vector<std::string>& ids, bool snapshots, bool clips) {
  impl_->order([=, desk = &impl_->desk](Moment) { desk->evidence_gone(ids, snapshots, clips); }, false);
}

AlarmDesk::Page AlarmDesk::list(const Query& query) const { return impl_->live.list(query, impl_->reader); }

std::optional<Alarm> AlarmDesk::find(const std::string& id) const {
  if (const auto live = impl_->live.find(id)) return *live;
  try {
    return impl_->reader.find(id);
  } catch (const DatabaseError& e) {
    log::error("alarms", "an alarm cannot be read", {{"alarm", id}, {"why", e.what()}});
    return std::nullopt;
  }
}

std::vector<Alarm> AlarmDesk::raised() const { return impl_->live.raised(); }

std::optional<WallTime> AlarmDesk::site_shelved_until() const { return impl_->live.site_shelved_until(); }

Outbox& AlarmDesk::outbox() { return impl_->outbox; }

bool AlarmDesk::flush(std::chrono::milliseconds within) {
  std::unique_lock lock(impl_->mutex);
  const std::uint64_t before = impl_->flushed;
  impl_->hurry = true;
  impl_->changed.notify_all();
  const MonoTime deadline = impl_->clock.now() + within;
  impl_->clock.wait_until(lock, impl_->changed, {}, deadline, [&] { return impl_->flushed > before; });
  return impl_->flushed > before && impl_->clean;
}

bool AlarmDesk::alive(std::chrono::milliseconds patience) const {
  const MonoTime since = impl_->desk.writing_since();
  return since == MonoTime{} || impl_->clock.now() - since < patience;
}

bool AlarmDesk::durable() const { return impl_->desk.durable(); }

std::uint64_t AlarmDesk::bytes() const { return bytes_on_disk(impl_->settings.file); }

}  // namespace lynceus::daemon

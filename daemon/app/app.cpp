#include "daemon/app/app.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "daemon/app/exposure_rules.h"

namespace lynceus::daemon {
namespace {

using namespace std::chrono_literals;

// Of the last half second before a sudden end.
constexpr auto kLastFlush = 200ms;  // for alarms and what is owed
constexpr auto kLastState = 100ms;  // for the state of plugins

/// To those who know cameras by id and name.
bool same_cameras(const config::Config& a, const config::Config& b) {
  return std::equal(a.cameras.begin(), a.cameras.end(), b.cameras.begin(), b.cameras.end(),
                    [](const auto& x, const auto& y) { return x.id == y.id && x.name == y.name; });
}

}  // namespace

App::App(Options options, config::LoadResult loaded, const host::PluginHost& plugins, Clock& clock)
    : options_(std::move(options)),
      loaded_(std::move(loaded)),
      plugins_(plugins),
      clock_(clock),
      upkeep_(parts_, plugins, service_, clock) {}

App::~App() = default;

/// The start list. Each step's end stands beside its start; they run in reverse order.
void App::start() {
  check_exposure(config().server, config().storage);
  steps_.step(
      "metrics", [&] { parts_.metrics = std::make_unique<Metrics>(); }, [&] { parts_.metrics.reset(); });
  steps_.step(
      "storage", [&] { parts_.directory = std::make_unique<StorageDirectory>(config().storage.directory); },
      [&] { parts_.directory.reset(); });
  steps_.step(
      "state",
      [&] {
        const SqliteState::Settings settings{parts_.directory->path() + "/state.db"};
        parts_.state = std::make_unique<SqliteState>(settings, clock_);
      },
      [&] { end_state(); });
  steps_.step(
      "alarms", [&] { start_alarms(); }, [&] { end_alarms(); });
  steps_.step(
      "crash note",
      [&] {
        parts_.crashes = std::make_unique<host::CrashNote>(parts_.directory->path() + "/plugin-crashes");
        parts_.crashes->configured(loaded_.fingerprint);
      },
      [&] { parts_.crashes.reset(); });
  steps_.step(
      "models", [&] { start_models(); }, [&] { parts_.models.reset(); });
  steps_.step(
      "live", [&] { start_live(); },
      [&] {
        parts_.ears->remove(*parts_.alarm_events);
        parts_.alarm_events.reset();
        parts_.events.reset();
        parts_.measurements.reset();
        parts_.pictures.reset();
        parts_.board.reset();
      });
  steps_.step(
      "evidence", [&] { start_evidence(); },
      [&] {
        parts_.ears->remove(*parts_.evidence);
        parts_.evidence.reset();
      });
  steps_.step(
      "reports", [&] { start_reports(); }, [&] { parts_.reports.reset(); });
  steps_.step(
      "cameras", [&] { start_fleet(); }, [&] { parts_.fleet.reset(); });
  steps_.step(
      "reload", [&] { start_reload(); },
      [&] {
        parts_.control.reset();
        parts_.reload.reset();
      });
  steps_.step(
      "io", [&] { start_io(); },
      [&] {
        parts_.network.reset();
        parts_.io.reset();
      });
  steps_.step(
      "notify", [&] { start_notifier(); }, [&] { parts_.notifier.reset(); });
  steps_.step(
      "http", [&] { start_server(); },
      [&] {
        parts_.server.reset();
        parts_.api.reset();
        parts_.book.reset();
        parts_.tokens.reset();
      });
  steps_.step(
      "streams", [&] { parts_.fleet->apply(config().cameras); }, [&] { stop_streams(); });
  // Last: whoever connected since "http" is never told that a camera is unknown. Connections end with the threads.
  steps_.step(
      "io threads", [&] { parts_.io->start(config().server.threads); }, [&] { parts_.io->stop(); });
  service_.ready(upkeep_.summary());
}

void App::run() {
  while (const auto work = inbox_.next(clock_)) (*work)();
  service_.stopping();
  log::info("app", "stopping");
  steps_.unwind();
  log::info("app", "stopped");
}

/// On an io thread. The deadline counts from the signal, not from when the control thread hears of it.
void App::on_signal(int signal) {
  if (signal == SIGHUP) return order_reload();
  deadline_->arm();
  inbox_.stop();
}

void App::each_second() {
  upkeep_.each_second();
  if (!parts_.reload->secrets_changed()) return;
  log::info("app", "a secret's file has changed");
  order_reload();
}

/// Any number of orders that come before it begins are one reload.
void App::order_reload() {
  if (reload_ordered_.exchange(true)) return;
  inbox_.post([this] { reload(); }, [this] { reload_ordered_ = false; });
}

void App::reload() {
  reload_ordered_ = false;
  service_.reloading();
  parts_.reload->run();
  service_.ready(upkeep_.summary());
}

/// What a reload means to all but the cameras.
void App::apply(const config::Config& next) {
  for (const auto& camera : config().cameras) {
    const bool stays =
        std::any_of(next.cameras.begin(), next.cameras.end(), [&](const auto& c) { return c.id == camera.id; });
    if (!stays) parts_.measurements->remove(camera.id);
  }
  parts_.desk->configured(next);
  notify(next.notify);
  if (!same_cameras(config(), next)) parts_.notifier->refresh();
}

/// A worker that was left behind still stands on everything that would be destroyed next: the process ends here.
void App::stop_streams() {
  parts_.fleet->stop();
  if (parts_.fleet->left_behind() == 0) return;
  log::warning("app", "leaving a worker behind");
  save();
  _exit(static_cast<int>(Exit::done));
}

/// Closed outside the lock: on a dead disk it may hang, and the deadline saves too.
void App::end_alarms() {
  parts_.own.reset();
  std::unique_ptr<AlarmDesk> closing;
  std::lock_guard lock(save_mutex_);
  closing = std::move(parts_.desk);
}

void App::end_state() {
  std::unique_ptr<SqliteState> closing;
  std::lock_guard lock(save_mutex_);
  closing = std::move(parts_.state);
}

void App::save() {
  std::lock_guard lock(save_mutex_);
  if (parts_.desk) parts_.desk->flush(kLastFlush);
  if (parts_.state) parts_.state->flush(kLastState);
}

}  // namespace lynceus::daemon

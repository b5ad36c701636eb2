#include "daemon/app/app.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "daemon/app/exposure_rules.h"
#include "daemon/app/places.h"
#include "daemon/app/settings_equal.h"
#include "pipeline/infer/engine.h"

namespace lynceus::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto kGraceful = 1500ms;  // after the stop signal; what hangs then is left
constexpr auto kLastFlush = 200ms;  // of that, for the store
constexpr auto kNetworkSettles = 500ms;
constexpr auto kStorePatience = 30s;  // one transaction; longer means a dead disk

std::vector<std::unique_ptr<infer::Engine>> engines() {
  std::vector<std::unique_ptr<infer::Engine>> all;
  if (auto runtime = infer::make_onnxruntime_engine()) all.push_back(std::move(runtime));
  all.push_back(infer::make_opencv_engine());
  return all;
}

http::VersionFacts version_facts(const host::PluginHost& plugins) {
  http::VersionFacts facts;
  for (const sdk::PluginInfo* info : plugins.catalogue()) facts.plugins.emplace_back(info->name, info->version);
  for (const host::Refused& refused : plugins.refused()) {
    facts.refused.emplace_back(std::filesystem::path(refused.file).filename().string(), refused.why);
  }
  return facts;
}

double seconds(WallTime time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

}  // namespace

App::App(Options options, config::Config config, const host::PluginHost& plugins, Clock& clock)
    : options_(std::move(options)), config_(std::move(config)), plugins_(plugins), clock_(clock) {}

App::~App() = default;

/// The start list. Each step's end stands beside its start; they run in reverse order.
void App::start() {
  check_exposure(config_.server);
  reloaded_at_s_ = seconds(clock_.wall());

  steps_.step(
      "metrics", [&] { metrics_ = std::make_unique<Metrics>(); }, [&] { metrics_.reset(); });
  steps_.step(
      "storage", [&] { directory_ = std::make_unique<StorageDirectory>(config_.storage.directory); },
      [&] { directory_.reset(); });
  steps_.step(
      "state",
      [&] { state_ = std::make_unique<SqliteState>(SqliteState::Settings{directory_->path() + "/state.db"}, clock_); },
      [&] {
        std::unique_ptr<SqliteState> closing;  // after the lock: on a dead disk it may hang, and the deadline saves too
        std::lock_guard lock(save_mutex_);
        closing = std::move(state_);
      });
  steps_.step(
      "crash note",
      [&] {
        crashes_ = std::make_unique<host::CrashNote>(directory_->path() + "/plugin-crashes");
        crashes_->configured(options_.fingerprint);
      },
      [&] { crashes_.reset(); });
  steps_.step(
      "models",
      [&] {
        models_ = std::make_unique<infer::ModelRunner>(config_.inference, engines(), clock_);
        models_->observe(
            [this](const std::string& model, int batch, double time) { metrics_->inferred(model, batch, time); });
      },
      [&] { models_.reset(); });
  steps_.step(
      "live",
      [&] {
        board_ = std::make_unique<LiveBoard>(clock_);
        pictures_ = std::make_unique<Pictures>(
            *board_, clock_,
            [this](const std::string& camera, double time, double cpu) { metrics_->encoded(camera, time, cpu); });
      },
      [&] {
        pictures_.reset();
        board_.reset();
      });
  steps_.step(
      "cameras",
      [&] {
        camera::ChainContext context;
        context.plugins = &plugins_;
        context.models = models_.get();
        context.state = state_.get();
        context.crashes = crashes_.get();
        context.clock = &clock_;
        context.models_dir = models_directory(config_.server.models_dir);
        fleet_ = std::make_unique<Fleet>(Fleet::Parts{{context, board_.get(), this}, *board_, *pictures_, *metrics_});
      },
      [&] { fleet_.reset(); });
  steps_.step(
      "io",
      [&] {
        io_ = std::make_unique<IoLoop>();
        deadline_ = std::make_unique<Deadline>(
            kGraceful, [this] { save(); }, static_cast<int>(Exit::done));
        io_->on_signals([this](int signal) { on_signal(signal); });
        io_->every(1s, [this] { housekeeping(); });
        if (const auto period = service_.watchdog_period()) {
          io_->every(std::chrono::duration_cast<std::chrono::milliseconds>(*period) / 3, [this] { feed_watchdog(); });
        }
        network_ = std::make_unique<NetworkWatch>(io_->context(), open_route_socket(), kNetworkSettles,
                                                  [this] { network_changed(); });
      },
      [&] {
        network_.reset();
        io_.reset();
      });
  steps_.step(
      "http", [&] { start_server(); },
      [&] {
        server_.reset();
        api_.reset();
      });
  steps_.step(
      "streams", [&] { fleet_->apply(config_.cameras); }, [&] { stop_streams(); });
  // Last: whoever connected since "http" is never told that a camera is unknown. Connections end with the threads.
  steps_.step(
      "io threads", [&] { io_->start(config_.server.threads); }, [&] { io_->stop(); });
  service_.ready(summary());
}

void App::start_server() {
  http::Api::Parts parts{*fleet_,
                         *board_,
                         [this] { return metrics_text(); },
                         [this] { return unready(); },
                         version_facts(plugins_),
                         config_.server.hosts};
  api_ = std::make_unique<http::Api>(std::move(parts));
  http::ServerSettings settings;
  settings.address = config_.server.address;
  settings.port = config_.server.port;
  http::ServerObserver observer{[this](int status) { metrics_->answered(status); },
                                [this](const std::string& reason) { metrics_->connection_dropped(reason); }};
  server_ = std::make_unique<http::Server>(
      io_->context(), settings, [this](const http::Request& request) { return api_->answer(request); }, *pictures_,
      std::move(observer));
  const int port = server_->start();
  http_up_ = true;
  log::info("http", "listening", {{"address", config_.server.address}, {"port", port}});
  write_port(port);
}

/// Written whole or not at all: whoever waits for the file may read it at once.
void App::write_port(int port) const {
  if (options_.port_file.empty()) return;
  const std::string draft = options_.port_file + ".new";
  std::ofstream(draft) << port << "\n";
  if (std::rename(draft.c_str(), options_.port_file.c_str()) != 0) {
    throw Error(Exit::fatal, "port file", options_.port_file, "cannot be written");
  }
}

void App::run() {
  for (;;) {
    const auto order = orders_.pop(clock_, {}, clock_.now() + 1h);
    if (!order) continue;
    if (*order == Order::stop) break;
    reload();
  }
  service_.stopping();
  log::info("app", "stopping");
  steps_.unwind();
  log::info("app", "stopped");
}

/// On an io thread. The deadline counts from the signal, not from when the control thread hears of it.
void App::on_signal(int signal) {
  if (signal == SIGHUP) {
    orders_.push(Order::reload);
    return;
  }
  deadline_->arm();
  orders_.push(Order::stop);
}

bool App::reload() {
  service_.reloading();
  bool done = false;
  try {
    config::LoadResult loaded = config::load(options_.config_file, plugins_.catalogue(), directory_->path());
    for (const std::string& warning : loaded.warnings) log::warning("config", warning);
    crashes_->configured(loaded.fingerprint);
    const Fleet::Change change = fleet_->apply(loaded.config.cameras);
    if (!equal_but_cameras(config_, loaded.config)) {
      log::warning("app", "server, storage and inference settings change at the next start only");
    }
    config_.cameras = std::move(loaded.config.cameras);
    log::info(
        "app", "reloaded",
        {{"kept", change.kept}, {"restarted", change.restarted}, {"added", change.added}, {"removed", change.removed}});
    reloaded_at_s_ = seconds(clock_.wall());
    done = true;
  } catch (const std::exception& e) {
    log::error("app", "reload refused, nothing changed", {{"why", e.what()}});
  }
  reload_successful_ = done;
  service_.ready(summary());
  return done;
}

/// A worker that was left behind still stands on everything that would be destroyed next: the process ends here.
void App::stop_streams() {
  fleet_->stop();
  if (fleet_->left_behind() == 0) return;
  log::warning("app", "leaving a worker behind");
  save();
  _exit(static_cast<int>(Exit::done));
}

void App::on_report(const camera::FrameReport& report) {
  try {
    board_->on_report(report);
    metrics_->on_report(report);
  } catch (const std::exception& e) {
    log::error("app", "a report is lost", {{"camera", report.camera}, {"why", e.what()}});
  }
}

void App::housekeeping() {
  fleet_->sample();
  service_.status(summary());
}

void App::network_changed() {
  log::debug("network", "changed");
  fleet_->network_changed();
}

void App::feed_watchdog() {
  if (alive()) service_.watchdog();
}

/// Runs on an io thread, so io is alive when this is asked at all.
bool App::alive() const {
  return state_->alive(std::chrono::duration_cast<std::chrono::milliseconds>(kStorePatience)) &&
         !fleet_->every_worker_stuck();
}

std::string App::unready() const {
  if (!http_up_) return "the server is not up yet";
  return state_->alive(5s) ? std::string{} : "the state database does not answer";
}

std::string App::summary() const {
  const auto cameras = fleet_->cameras();
  const auto streaming = std::count_if(cameras.begin(), cameras.end(), [](const CameraStatus& camera) {
    return camera.source.state == ingest::TransportState::streaming;
  });
  return std::to_string(streaming) + " of " + std::to_string(cameras.size()) + " cameras streaming";
}

std::string App::metrics_text() const {
  DaemonFigures figures;
  figures.last_reload_successful = reload_successful_;
  figures.last_reload_success_seconds = reloaded_at_s_;
  figures.database_bytes = state_->bytes();
  figures.store_errors = state_->errors();
  figures.http_connections = server_->connections();
  figures.plugins_refused = static_cast<int>(plugins_.refused().size());
  return metrics_->text({fleet_->cameras(), models_->stats(), figures});
}

void App::save() {
  std::lock_guard lock(save_mutex_);
  if (state_) state_->flush(std::chrono::duration_cast<std::chrono::milliseconds>(kLastFlush));
}

}  // namespace lynceus::daemon

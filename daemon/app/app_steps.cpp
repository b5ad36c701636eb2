// What each step of the start list makes (app.cpp has the list).
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "config/alarm_kinds.h"
#include "daemon/api/host_check.h"
#include "daemon/app/app.h"
#include "daemon/app/places.h"
#include "pipeline/infer/engine.h"

namespace lynceus::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto kGraceful = 1500ms;  // after the stop signal; what hangs then is left
constexpr auto kNetworkSettles = 500ms;

http::VersionFacts version_facts(const host::PluginHost& plugins) {
  http::VersionFacts facts;
  for (const sdk::PluginInfo* info : plugins.catalogue()) facts.plugins.emplace_back(info->name, info->version);
  for (const host::Refused& refused : plugins.refused()) {
    facts.refused.emplace_back(std::filesystem::path(refused.file).filename().string(), refused.why);
  }
  return facts;
}

/// Written whole or not at all: whoever waits for the file may read it at once.
void write_port(const std::string& file, int port) {
  if (file.empty()) return;
  const std::string draft = file + ".new";
  std::ofstream(draft) << port << "\n";
  if (std::rename(draft.c_str(), file.c_str()) != 0) {
    throw Error(Exit::fatal, "port file", file, "cannot be written");
  }
}

}  // namespace

void App::start_alarms() {
  AlarmDesk::Settings settings;
  settings.file = parts_.directory->path() + "/alarms.db";
  parts_.desk = std::make_unique<AlarmDesk>(std::move(settings), config(), clock_);
  parts_.own = std::make_unique<OwnConditions>(
      [this](const std::string& camera, const sdk::Condition& condition) { parts_.desk->own(camera, condition); });
  parts_.ears = std::make_unique<AlarmEars>();
  parts_.metrics_ear = std::make_unique<AlarmEar>(
      [this](std::span<const AlarmChange> changes) { parts_.metrics->alarms().on_changes(changes, clock_.now()); });
  parts_.ears->add(*parts_.metrics_ear);
  parts_.desk->add_listener(*parts_.ears);
  parts_.desk->start();
  parts_.own->reloaded(true, "");
}

void App::start_models() {
  const infer::InferSettings& settings = config().inference;
  parts_.models = std::make_unique<infer::ModelRunner>(settings, infer::make_engines(settings.device), clock_);
  parts_.models->observe(
      [this](const std::string& model, int batch, double time) { parts_.metrics->inferred(model, batch, time); });
}

void App::start_live() {
  parts_.board = std::make_unique<LiveBoard>(clock_);
  parts_.pictures = std::make_unique<Pictures>(
      *parts_.board, clock_,
      [this](const std::string& camera, double time, double cpu) { parts_.metrics->encoded(camera, time, cpu); });
  parts_.measurements = std::make_unique<MeasurementLog>();
  parts_.events = std::make_unique<http::EventHub>(http::EventHub::Settings{}, *parts_.board, clock_);
  parts_.alarm_events = std::make_unique<http::AlarmEvents>(*parts_.events);
  parts_.ears->add(*parts_.alarm_events);
}

void App::start_evidence() {
  parts_.evidence =
      std::make_unique<Evidence>(Evidence::Parts{*parts_.board, clock_, parts_.directory->path() + "/evidence",
                                                 config().storage.evidence, words_of(*parts_.desk)});
  parts_.ears->add(*parts_.evidence);
  parts_.evidence->start();
}

void App::start_reports() {
  using camera::FrameReport;
  parts_.reports = std::make_unique<Reports>(
      std::vector<Reports::OnReport>{[this](const FrameReport& report) { parts_.board->on_report(report); },
                                     [this](const FrameReport& report) { parts_.metrics->on_report(report); },
                                     [this](const FrameReport& report) { parts_.measurements->on_report(report); },
                                     [this](const FrameReport& report) { parts_.desk->report(report); }},
      std::vector<Reports::OnState>{[this](const std::string& camera, ingest::TransportState state,
                                           const std::string& why) { parts_.desk->camera_state(camera, state, why); }});
}

void App::start_fleet() {
  camera::ChainContext context;
  context.plugins = &plugins_;
  context.models = parts_.models.get();
  context.state = parts_.state.get();
  context.crashes = parts_.crashes.get();
  context.clock = &clock_;
  context.model_dirs = model_directories(config().server.models_dir);
  const CameraSurroundings around{context, parts_.board.get(), parts_.reports.get(), parts_.reports.get(),
                                  parts_.evidence.get()};
  parts_.fleet = std::make_unique<Fleet>(Fleet::Parts{around, *parts_.board, *parts_.pictures, *parts_.metrics});
}

void App::start_reload() {
  const std::string& directory = parts_.directory->path();
  parts_.reload = std::make_unique<Reload>(
      Reload::Parts{*parts_.fleet, *parts_.crashes, clock_, plugins_.catalogue(), options_.config_file, directory,
                    [this](const config::Config& next) { apply(next); },
                    [this](bool done, const std::string& why) { parts_.own->reloaded(done, why); }},
      std::move(loaded_));
  parts_.control = std::make_unique<AppControl>(AppControl::Parts{
      inbox_, *parts_.reload, *parts_.fleet, *parts_.board, directory,
      [this](const std::string& sink, const AppControl::Told& told) { parts_.notifier->test(sink, told); }});
}

void App::start_io() {
  parts_.io = std::make_unique<IoLoop>();
  deadline_ = std::make_unique<Deadline>(
      kGraceful, [this] { save(); }, static_cast<int>(Exit::done));
  parts_.io->on_signals([this](int signal) { on_signal(signal); });
  parts_.io->every(1s, [this] { each_second(); });
  if (const auto period = service_.watchdog_period()) {
    parts_.io->every(std::chrono::duration_cast<std::chrono::milliseconds>(*period) / 3,
                     [this] { upkeep_.feed_watchdog(); });
  }
  parts_.network = std::make_unique<NetworkWatch>(parts_.io->context(), open_route_socket(), kNetworkSettles, [this] {
    log::debug("network", "changed");
    parts_.fleet->network_changed();
  });
}

void App::start_notifier() {
  Notifier::Parts parts{
      parts_.io->context(), parts_.desk->outbox(), clock_, config().site, LYNCEUS_VERSION, {}, {}, {}, {}, {}};
  parts.condition = [this](const sdk::Condition& condition) { parts_.desk->own("", condition); };
  parts.counted = [this](const std::string& sink, const std::string& result) {
    parts_.metrics->alarms().delivered(sink, result);
  };
  parts.enable = [this](const std::string& camera, bool enabled) {
    parts_.control->enable(camera, enabled, [camera](const http::Outcome& outcome) {
      if (outcome.kind == http::Outcome::Kind::done) return;
      log::warning("mqtt", "a camera was not switched", {{"camera", camera}, {"why", outcome.why}});
    });
  };
  parts.raised = [this] { return parts_.desk->raised(); };
  parts.cameras = [this] {
    std::vector<std::pair<std::string, std::string>> all;
    for (const CameraStatus& camera : parts_.fleet->cameras()) all.emplace_back(camera.id, camera.name);
    return all;
  };
  parts.kinds = [this](const std::string& id) {
    std::vector<const sdk::PluginInfo*> infos;
    const auto camera = parts_.fleet->camera(id);
    for (const std::string& name : camera ? camera->plugins : std::vector<std::string>{}) {
      if (const sdk::Plugin* plugin = plugins_.find(name)) infos.push_back(&plugin->info());
    }
    return config::camera_kinds(infos);
  };
  parts_.notifier = std::make_unique<Notifier>(std::move(parts));
  notify(config().notify);
}

/// At the start and after a reload.
void App::notify(const config::NotifySettings& settings) {
  std::vector<std::string> names;
  for (const config::SinkSettings& sink : settings.sinks) names.push_back(sink.name);
  parts_.metrics->alarms().sinks(names);
  parts_.notifier->configured(settings);
}

void App::start_api(const config::ServerSettings& server) {
  parts_.tokens = std::make_unique<http::TokenKeeper>(parts_.directory->path());
  parts_.book = std::make_unique<http::DeskBook>(*parts_.desk);
  http::Api::Parts parts{*parts_.fleet,
                         *parts_.board,
                         [this] { return upkeep_.metrics(); },
                         [this] { return upkeep_.unready(); },
                         version_facts(plugins_),
                         server.hosts};
  parts.alarms = {parts_.book.get(), &parts_.evidence->files(), &parts_.desk->outbox()};
  parts.control = parts_.control.get();
  parts.events = parts_.events.get();
  parts.measurements = parts_.measurements.get();
  parts.tokens = parts_.tokens.get();
  parts.access.none = server.auth == config::ServerSettings::Auth::none;
  parts.access.loopback = http::is_loopback(server.address);
  parts.access.metrics_open = !server.metrics_auth;
  parts.clock = &clock_;
  parts_.api = std::make_unique<http::Api>(std::move(parts));
}

void App::start_server() {
  const config::ServerSettings& server = config().server;
  start_api(server);
  http::ServerSettings settings;
  settings.address = server.address;
  settings.port = server.port;
  settings.tls_certificate = server.tls_certificate;
  settings.tls_key = server.tls_key;
  http::ServerObserver observer{[this](int status) { parts_.metrics->answered(status); },
                                [this](const std::string& reason) { parts_.metrics->connection_dropped(reason); }};
  parts_.server = std::make_unique<http::Server>(
      parts_.io->context(), settings, [this](const http::Request& request) { return parts_.api->answer(request); },
      *parts_.pictures, std::move(observer));
  const int port = parts_.server->start();
  upkeep_.http_up();
  log::info("http", "listening", {{"address", server.address}, {"port", port}});
  write_port(options_.port_file, port);
}

}  // namespace lynceus::daemon

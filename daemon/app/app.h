// The daemon: everything that is started, in order, and ended, in reverse (app.cpp has the list in one place).
//
// run() is the control thread: it does what the inbox asks for (reloads, settings, the end). A worker that hangs in a
// plugin cannot be joined: the process then ends by _exit, with what is owed to the disk written. Thread: bound to its
// owner, but for what the io threads call.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "config/config.h"
#include "daemon/app/deadline.h"
#include "daemon/app/inbox.h"
#include "daemon/app/parts.h"
#include "daemon/app/service_manager.h"
#include "daemon/app/start_list.h"
#include "daemon/app/upkeep.h"
#include "pipeline/host/plugin_host.h"

namespace lynceus::daemon {

class App {
 public:
  struct Options {
    std::string config_file;
    std::string port_file;
  };

  App(Options options, config::LoadResult loaded, const host::PluginHost& plugins, Clock& clock);
  ~App();

  void start();
  /// Until a stop signal.
  void run();

 private:
  void on_signal(int signal);
  void order_reload();
  void reload();
  void apply(const config::Config& next);
  void notify(const config::NotifySettings& settings);
  void each_second();

  // Steps of the start list.
  void start_alarms();
  void start_models();
  void start_live();
  void start_evidence();
  void start_reports();
  void start_fleet();
  void start_reload();
  void start_io();
  void start_notifier();
  void start_api(const config::ServerSettings& server);
  void start_server();
  void stop_streams();
  void end_alarms();
  void end_state();

  /// What must be on disk before a sudden end.
  void save();
  /// What is in force: the control thread's.
  const config::Config& config() const { return parts_.reload ? parts_.reload->config() : loaded_.config; }

  const Options options_;
  config::LoadResult loaded_;  ///< what it starts with, until Reload takes it
  const host::PluginHost& plugins_;
  Clock& clock_;
  ServiceManager service_;
  Inbox inbox_;
  std::atomic<bool> reload_ordered_{false};
  std::mutex save_mutex_;  ///< the deadline's thread saves while the control thread ends things
  Parts parts_;
  Upkeep upkeep_;
  std::unique_ptr<Deadline> deadline_;
  StartList steps_;  // last: unwinds first
};

}  // namespace lynceus::daemon

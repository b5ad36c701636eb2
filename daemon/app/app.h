// The daemon: everything that is started, in order, and ended, in reverse (app.cpp has the list in one place).
//
// run() is the control thread: it waits for signals that the io threads take, reloads, and ends. A worker that hangs in
// a plugin cannot be joined: the process then ends by _exit, with what is owed to the disk written. Thread: bound to
// its owner, but for what the io threads call.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "config/config.h"
#include "daemon/app/deadline.h"
#include "daemon/app/fleet.h"
#include "daemon/app/io_loop.h"
#include "daemon/app/network_watch.h"
#include "daemon/app/service_manager.h"
#include "daemon/app/start_list.h"
#include "daemon/http/api.h"
#include "daemon/http/server.h"
#include "daemon/live/live_board.h"
#include "daemon/live/pictures.h"
#include "daemon/metrics/metrics.h"
#include "daemon/store/directory.h"
#include "daemon/store/sqlite_state.h"
#include "pipeline/host/crash_note.h"
#include "pipeline/host/plugin_host.h"
#include "pipeline/infer/model_runner.h"

namespace lynceus::daemon {

class App final : private camera::ReportSink {
 public:
  struct Options {
    std::string config_file;
    std::string port_file;
    std::uint64_t fingerprint = 0;  ///< of the configuration it starts with
  };

  App(Options options, config::Config config, const host::PluginHost& plugins, Clock& clock);
  ~App() override;

  void start();
  /// Until a stop signal.
  void run();

 private:
  enum class Order { reload, stop };

  void on_report(const camera::FrameReport& report) override;
  void on_signal(int signal);
  bool reload();
  void stop_streams();
  /// What must be on disk before a sudden end.
  void save();
  void start_server();
  void housekeeping();
  void feed_watchdog();
  void network_changed();
  bool alive() const;
  std::string unready() const;
  std::string summary() const;
  std::string metrics_text() const;
  void write_port(int port) const;

  const Options options_;
  config::Config config_;  // the control thread's
  const host::PluginHost& plugins_;
  Clock& clock_;
  ServiceManager service_;
  BoundedQueue<Order> orders_{16};
  std::atomic<bool> reload_successful_{true}, http_up_{false};
  std::atomic<double> reloaded_at_s_{0};
  std::mutex save_mutex_;  ///< the deadline's thread saves while the control thread ends things

  // In the order of the start list.
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<StorageDirectory> directory_;
  std::unique_ptr<SqliteState> state_;
  std::unique_ptr<host::CrashNote> crashes_;
  std::unique_ptr<infer::ModelRunner> models_;
  std::unique_ptr<LiveBoard> board_;
  std::unique_ptr<Pictures> pictures_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<IoLoop> io_;
  std::unique_ptr<NetworkWatch> network_;
  std::unique_ptr<http::Api> api_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<Deadline> deadline_;
  StartList steps_;  // last: unwinds first
};

}  // namespace lynceus::daemon

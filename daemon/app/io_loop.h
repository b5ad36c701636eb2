// The io threads: sockets, signals and timers happen here. Signals stay blocked in every other thread.
// Owner: App. Thread: on_signals, every before start(); start, stop the owner.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace lynceus::daemon {

/// Before any thread is made: the signals the loop handles are blocked, SIGPIPE is ignored.
void block_signals();

class IoLoop {
 public:
  IoLoop();
  ~IoLoop();  ///< stops; connections end with it

  boost::asio::io_context& context();
  /// Called on an io thread for SIGTERM, SIGINT and SIGHUP.
  void on_signals(std::function<void(int signal)> handler);
  /// Called on an io thread, one period after the other.
  void every(std::chrono::milliseconds period, std::function<void()> action);
  void start(int threads);
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lynceus::daemon

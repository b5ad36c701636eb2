// The thread in which a camera's RTSP server lives: a GLib main loop, and a seat for one server or none.
//
//   ServerThread thread(channel);
//   int port = thread.open(settings);   // replaces what was open
//   thread.close();                     // connections cut, port closed
//
// Thread: open() and close() from any one thread; both wait until it is done.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "tools/simulate/rtsp_server.h"

namespace lynceus::tools {

class ServerThread {
 public:
  explicit ServerThread(std::shared_ptr<Channel> channel);
  ~ServerThread();
  ServerThread(const ServerThread&) = delete;
  ServerThread& operator=(const ServerThread&) = delete;

  /// The port; throws Error (Exit::fatal) when it cannot be had, and then nothing is open.
  int open(const RtspSettings& settings);
  void close();

 private:
  void run_there(std::function<void()> work);

  const std::shared_ptr<Channel> channel_;
  GMainContext* context_;
  GMainLoop* loop_;
  std::unique_ptr<RtspServer> server_;  // thread_ only
  std::jthread thread_;
};

}  // namespace lynceus::tools

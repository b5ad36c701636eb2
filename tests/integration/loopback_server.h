// A TCP server on a port of its own that hands every connection to a function: what hostile cameras are made of.
//
//   LoopbackServer server([](Peer& peer) { peer.receive_until("\r\n\r\n"); peer.send("HTTP/1.1 204 …"); });
//
// A thread a connection; the destructor cuts all connections and joins. Thread: bound to its owner; the function runs
// on any number of threads at once.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <thread>

namespace lynceus::test {

/// One connection, seen from the server.
class Peer {
 public:
  explicit Peer(int fd) : fd_(fd) {}

  /// Up to and including the mark; empty when the peer has gone, time is up, or it says too much.
  std::string receive_until(std::string_view mark, std::chrono::milliseconds within = std::chrono::seconds{10});
  bool send(std::string_view bytes);
  /// Waits for the peer to go, so long at most; what it says meanwhile is thrown away.
  bool gone_within(std::chrono::milliseconds time);

 private:
  bool more(std::chrono::steady_clock::time_point deadline);

  int fd_;
  std::string pending_;
};

class LoopbackServer {
 public:
  using Serve = std::function<void(Peer&)>;
  explicit LoopbackServer(Serve serve);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const { return port_; }

 private:
  struct Connection {
    explicit Connection(int socket) : fd(socket) {}
    const int fd;
    std::atomic<bool> over{false};
    std::thread thread;
  };
  void run();
  void serve(Connection& connection) const;
  static void join(Connection& connection);

  const Serve serve_;
  int socket_ = -1, port_ = 0;
  std::list<Connection> connections_;  // thread_ only, until it has ended
  std::thread thread_;
};

}  // namespace lynceus::test

// Hears from the kernel when a link, an address or a route comes or goes, so that cameras that wait for their next
// attempt try at once. A burst of changes (DHCP, a cable) is told once, half a second after its first.
//
// Runs on the io threads. Where the socket cannot be had (a sandbox without AF_NETLINK) nothing is told: cameras then
// come back with their usual attempts. Owner: App. Thread: bound to its owner before the io threads run.
//
//   NetworkWatch watch(io.context(), open_route_socket(), 500ms, [&] { fleet.network_changed(); });
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace lynceus::daemon {

/// A netlink socket that hears of links, addresses and routes of the network namespace it is made in; -1: none.
int open_route_socket();

class NetworkWatch {
 public:
  /// Takes over `socket`, a datagram socket with rtnetlink messages (or a test's); -1: hears nothing.
  NetworkWatch(boost::asio::io_context& io, int socket, std::chrono::milliseconds settle,
               std::function<void()> changed);
  ~NetworkWatch();
  NetworkWatch(const NetworkWatch&) = delete;
  NetworkWatch& operator=(const NetworkWatch&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lynceus::daemon

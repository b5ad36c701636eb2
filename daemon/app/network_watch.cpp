#include "daemon/app/network_watch.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include "base/log.h"

namespace lynceus::daemon {
namespace {

namespace asio = boost::asio;
using Code = boost::system::error_code;

bool is_change(int type) {
  return type == RTM_NEWLINK || type == RTM_DELLINK || type == RTM_NEWADDR || type == RTM_DELADDR ||
         type == RTM_NEWROUTE || type == RTM_DELROUTE;
}

/// One datagram holds one message or several, each with its length; what is cut short ends the walk.
bool tells_change(const char* data, std::size_t size) {
  while (size >= sizeof(nlmsghdr)) {
    nlmsghdr header{};
    std::memcpy(&header, data, sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > size) return false;
    if (is_change(header.nlmsg_type)) return true;
    const std::size_t step = NLMSG_ALIGN(header.nlmsg_len);
    if (step >= size) return false;
    data += step;
    size -= step;
  }
  return false;
}

/// Whether anything changed, as far as the socket tells just now. A queue that ran over lost messages: yes.
bool drain(int socket) {
  std::array<char, 32768> buffer;
  bool changed = false;
  for (;;) {
    const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == ENOBUFS) {
      changed = true;
      continue;
    }
    if (got <= 0) return changed;
    changed = tells_change(buffer.data(), static_cast<std::size_t>(got)) || changed;
  }
}

}  // namespace

int open_route_socket() {
  const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (socket < 0) return -1;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

/// What runs on the io threads goes through one strand: nothing of this runs twice at a time.
struct NetworkWatch::Impl {
  Impl(asio::io_context& io, std::chrono::milliseconds time, std::function<void()> action)
      : strand(asio::make_strand(io)), socket(strand), timer(strand), settle(time), changed(std::move(action)) {}

  asio::strand<asio::io_context::executor_type> strand;
  asio::posix::stream_descriptor socket;
  asio::steady_timer timer;
  const std::chrono::milliseconds settle;
  const std::function<void()> changed;
  bool pending = false;

  void listen() {
    socket.async_wait(asio::posix::stream_descriptor::wait_read, [this](const Code& error) {
      if (error) return;
      if (drain(socket.native_handle())) note();
      listen();
    });
  }

  void note() {
    if (std::exchange(pending, true)) return;
    timer.expires_after(settle);
    timer.async_wait([this](const Code& error) {
      if (error) return;
      pending = false;
      changed();
    });
  }
};

NetworkWatch::NetworkWatch(asio::io_context& io, int socket, std::chrono::milliseconds settle,
                           std::function<void()> changed)
    : impl_(std::make_unique<Impl>(io, settle, std::move(changed))) {
  if (socket < 0) {
    log::warning("network", "changes of the network are not heard: cameras wait for their usual next attempt");
    return;
  }
  impl_->socket.assign(socket);
  impl_->listen();
}

NetworkWatch::~NetworkWatch() = default;

}  // namespace lynceus::daemon

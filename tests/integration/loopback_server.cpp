#include "tests/integration/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace lynceus::test {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kMost = 1 << 20;

int left_ms(Steady::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
  return static_cast<int>(std::max<long long>(0, left));
}

}  // namespace

bool Peer::more(Steady::time_point deadline) {
  pollfd ready{fd_, POLLIN, 0};
  if (::poll(&ready, 1, left_ms(deadline)) <= 0) return false;
  char bytes[4096];
  const auto got = ::recv(fd_, bytes, sizeof bytes, 0);
  if (got > 0) pending_.append(bytes, static_cast<std::size_t>(got));
  return got > 0;
}

std::string Peer::receive_until(std::string_view mark, std::chrono::milliseconds within) {
  const auto deadline = Steady::now() + within;
  for (;;) {
    const auto found = pending_.find(mark);
    if (found != std::string::npos) {
      std::string text = pending_.substr(0, found + mark.size());
      pending_.erase(0, text.size());
      return text;
    }
    if (pending_.size() > kMost || !more(deadline)) return {};
  }
}

bool Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Peer::gone_within(std::chrono::milliseconds time) {
  const auto deadline = Steady::now() + time;
  while (more(deadline)) pending_.clear();
  return Steady::now() < deadline;
}

LoopbackServer::LoopbackServer(Serve serve)
    : serve_(std::move(serve)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), length) != 0 || ::listen(socket_, 128) != 0 ||
      ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    ::close(socket_);
    throw std::runtime_error("no server on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

LoopbackServer::~LoopbackServer() {
  ::shutdown(socket_, SHUT_RDWR);  // ends accept()
  thread_.join();
  ::close(socket_);
  for (auto& connection : connections_) ::shutdown(connection.fd, SHUT_RDWR);
  for (auto& connection : connections_) join(connection);
}

void LoopbackServer::join(Connection& connection) {
  connection.thread.join();
  ::close(connection.fd);
}

void LoopbackServer::run() {
  for (;;) {
    const int fd = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    connections_.remove_if([](Connection& connection) {
      if (connection.over) join(connection);
      return connection.over.load();
    });
    auto& connection = connections_.emplace_back(fd);
    connection.thread = std::thread([this, &connection] { serve(connection); });
  }
}

void LoopbackServer::serve(Connection& connection) const {
  Peer peer(connection.fd);
  serve_(peer);
  ::shutdown(connection.fd, SHUT_WR);
  peer.gone_within(std::chrono::milliseconds{500});
  ::shutdown(connection.fd, SHUT_RDWR);
  connection.over = true;
}

}  // namespace lynceus::test

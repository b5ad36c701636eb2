#include "tests/support/answering_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <stdexcept>
#include <utility>

namespace lynceus::test {

AnsweringServer::AnsweringServer(std::string answer)
    : answer_(std::move(answer)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket_.get(), raw, length) != 0 || ::listen(socket_.get(), 8) != 0 ||
      ::getsockname(socket_.get(), raw, &length) != 0) {
    throw std::runtime_error("no server for the test");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

AnsweringServer::~AnsweringServer() {
  ::shutdown(socket_.get(), SHUT_RDWR);  // ends accept()
  thread_.join();
}

void AnsweringServer::serve() {
  for (;;) {
    const Fd client(::accept(socket_.get(), nullptr, nullptr));
    if (!client) return;
    char request[4096];
    if (::recv(client.get(), request, sizeof request, 0) > 0) ++requests_;
    for (std::size_t sent = 0; sent < answer_.size();) {
      const auto more = ::send(client.get(), answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
      if (more <= 0) break;
      sent += static_cast<std::size_t>(more);
    }
    ::shutdown(client.get(), SHUT_WR);
    while (::recv(client.get(), request, sizeof request, 0) > 0) {
    }
  }
}

std::string http_ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace lynceus::test

#include "tools/process/loopback_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace lynceus::tools {
namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{5, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connect_to(int port) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  std::string ask(const std::string& request) const {
    std::string answer;
    if (send(fd_, request.data(), request.size(), MSG_NOSIGNAL) < 0) return answer;
    char bytes[16384];
    for (ssize_t got; answer.size() < kMostBytes && (got = recv(fd_, bytes, sizeof bytes, 0)) > 0;)
      answer.append(bytes, static_cast<std::size_t>(got));
    return answer;
  }

 private:
  int fd_;
};

}  // namespace

LoopbackAnswer loopback_get(int port, const std::string& path) {
  const Socket socket;
  if (!socket.connect_to(port)) return {};
  // HTTP/1.0: the answer comes in one piece and ends with the connection.
  const auto text = socket.ask("GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1:" + std::to_string(port) +
                               "\r\nConnection: close\r\n\r\n");
  const auto head = text.find("\r\n\r\n");
  const auto blank = text.find(' ');
  if (!text.starts_with("HTTP/1.") || head == std::string::npos || blank == std::string::npos) return {};
  return {std::atoi(text.c_str() + blank + 1), text.substr(head + 4)};
}

}  // namespace lynceus::tools

#include "tools/bench/metrics_page.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "base/error.h"

namespace lynceus::tools {
namespace {

class Socket {
 public:
  explicit Socket(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{5, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      const int why = errno;
      close(fd_);
      throw Error(Exit::fatal, "bench", "127.0.0.1:" + std::to_string(port), std::strerror(why));
    }
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  std::string ask(const std::string& request) {
    if (send(fd_, request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
    std::string answer;
    char bytes[16384];
    for (ssize_t got; (got = recv(fd_, bytes, sizeof bytes, 0)) > 0;) answer.append(bytes, static_cast<std::size_t>(got));
    return answer;
  }

 private:
  int fd_;
};

}  // namespace

MetricsPage MetricsPage::fetch(int port) {
  Socket socket(port);
  MetricsPage page;
  page.text_ = socket.ask("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\nConnection: close\r\n\r\n");
  if (page.text_.compare(0, 12, "HTTP/1.1 200") != 0) {
    throw Error(Exit::fatal, "bench", "/metrics", page.text_.substr(0, page.text_.find('\r')));
  }
  return page;
}

double MetricsPage::sum(const std::string& name, const std::string& label) const {
  std::istringstream lines(text_);
  double total = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, name.size(), name) != 0) continue;
    const char next = line.size() > name.size() ? line[name.size()] : '\0';
    if (next != ' ' && next != '{') continue;
    if (!label.empty() && line.find(label) == std::string::npos) continue;
    total += std::strtod(line.c_str() + line.rfind(' '), nullptr);
  }
  return total;
}

}  // namespace lynceus::tools

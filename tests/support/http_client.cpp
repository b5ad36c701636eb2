#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace lynceus::test {
namespace {

using Steady = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("http client: " + what); }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

Connection::Connection(int port, std::chrono::milliseconds time)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), deadline_(Steady::now() + time) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
  const std::string why = std::strerror(errno);
  ::close(fd_);
  fail("connect: " + why);
}

Connection::~Connection() { ::close(fd_); }

int Connection::left_ms() const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Steady::now()).count();
  return static_cast<int>(std::max<long long>(0, left));
}

void Connection::wait_for(short events) const {
  pollfd wait{fd_, events, 0};
  if (::poll(&wait, 1, left_ms()) <= 0) fail("time is over");
}

void Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    wait_for(POLLOUT);
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) fail(std::string("send: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string Connection::receive() {
  if (!pending_.empty()) return std::exchange(pending_, {});
  wait_for(POLLIN);
  char buffer[16384];
  const auto got = ::recv(fd_, buffer, sizeof buffer, 0);
  return got <= 0 ? std::string{} : std::string(buffer, static_cast<std::size_t>(got));
}

std::string Connection::receive_until(std::string_view mark) {
  std::string all;
  for (;;) {
    const auto found = all.find(mark);
    if (found != std::string::npos) {
      pending_ = all.substr(found + mark.size()) + pending_;
      return all.substr(0, found + mark.size());
    }
    const std::string more = receive();
    if (more.empty()) fail("the stream ended early");
    all += more;
  }
}

std::string Connection::receive_bytes(std::size_t count) {
  std::string all;
  while (all.size() < count) {
    const std::string more = receive();
    if (more.empty()) fail("the stream ended early");
    all += more;
  }
  pending_ = all.substr(count);
  all.resize(count);
  return all;
}

HttpAnswer read_answer(Connection& connection) {
  std::istringstream head(connection.receive_until("\r\n\r\n"));
  HttpAnswer answer;
  std::string version, line;
  head >> version >> answer.status;
  std::getline(head, line);
  while (std::getline(head, line) && line != "\r") {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto begin = line.find_first_not_of(' ', colon + 1);
    const auto end = line.find_last_not_of('\r');
    if (begin != std::string::npos) answer.headers[lower(line.substr(0, colon))] = line.substr(begin, end - begin + 1);
  }
  const auto length = answer.headers.find("content-length");
  if (length != answer.headers.end()) answer.body = connection.receive_bytes(std::stoul(length->second));
  return answer;
}

HttpAnswer http_raw(int port, const std::string& request, std::chrono::milliseconds time) {
  Connection connection(port, time);
  connection.send(request);
  return read_answer(connection);
}

HttpAnswer http_get(int port, const std::string& target, std::chrono::milliseconds time) {
  return http_raw(port, "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", time);
}

}  // namespace lynceus::test

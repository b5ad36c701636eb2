// A tiny blocking HTTP client for tests: one connection, one deadline for everything.
//
//   const auto answer = test::http_get(port, "/healthz");   CHECK(answer.status == 200);
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace lynceus::test {

/// A TCP connection to 127.0.0.1. Throws std::runtime_error when it cannot be made or the time is over.
class Connection {
 public:
  explicit Connection(int port, std::chrono::milliseconds time = std::chrono::seconds{10});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(std::string_view bytes);
  /// What came, at least one byte; empty at the end of the stream.
  std::string receive();
  /// Receives until `mark` is there; returns everything up to and including it. Throws when the stream ends first.
  std::string receive_until(std::string_view mark);
  std::string receive_bytes(std::size_t count);

 private:
  int left_ms() const;
  void wait_for(short events) const;

  int fd_ = -1;
  std::chrono::steady_clock::time_point deadline_;
  std::string pending_;
};

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

HttpAnswer http_get(int port, const std::string& target, std::chrono::milliseconds time = std::chrono::seconds{10});
/// Sends these bytes as they are and reads one answer.
HttpAnswer http_raw(int port, const std::string& request, std::chrono::milliseconds time = std::chrono::seconds{10});
/// Reads one answer with a Content-Length off a connection.
HttpAnswer read_answer(Connection& connection);

}  // namespace lynceus::test

// A web server on loopback that answers every request with the same bytes and closes the connection.
// Owner: a test. Thread: bound to it; serves on one of its own.
//
//   AnsweringServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
//   fetch(server.url("shot"));
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "base/fd.h"

namespace lynceus::test {

class AnsweringServer {
 public:
  explicit AnsweringServer(std::string answer);
  ~AnsweringServer();
  AnsweringServer(const AnsweringServer&) = delete;
  AnsweringServer& operator=(const AnsweringServer&) = delete;

  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + "/" + path; }
  int requests() const { return requests_.load(); }

 private:
  void serve();

  const std::string answer_;
  const Fd socket_;
  int port_ = 0;
  std::atomic<int> requests_{0};
  std::thread thread_;
};

/// 200 with this body.
std::string http_ok(const std::string& body);

}  // namespace lynceus::test

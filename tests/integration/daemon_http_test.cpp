// The server's limits, without the rest of the daemon behind it.
#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/http/server.h"
#include "tests/support/catch.h"
#include "tests/support/http_client.h"

using namespace lynceus::daemon;
using namespace lynceus::daemon::http;
using namespace lynceus::test;
using namespace std::chrono_literals;

namespace {

/// Pictures of any size, a new one each time it is asked.
class FakePictures final : public PictureSource {
 public:
  std::size_t bytes = 1000;
  bool none = false;

  JpegPtr newest(const std::string&, const std::string&) override {
    if (none) return nullptr;
    auto jpeg = std::make_shared<Jpeg>();
    jpeg->bytes.assign(bytes, std::byte{7});
    jpeg->version = ++version_;
    return jpeg;
  }

 private:
  std::atomic<std::uint64_t> version_{0};
};

struct Running {
  FakePictures pictures;
  std::mutex mutex;
  std::vector<std::string> drops;  // guarded by mutex
  boost::asio::io_context io;
  std::unique_ptr<Server> server;
  std::vector<std::jthread> threads;
  int port = 0;

  explicit Running(ServerSettings settings, bool no_pictures = false, std::size_t picture_bytes = 1000) {
    pictures.none = no_pictures;
    pictures.bytes = picture_bytes;
    settings.port = 0;
    ServerObserver observer{nullptr, [this](const std::string& why) {
                              std::lock_guard lock(mutex);
                              drops.push_back(why);
                            }};
    server = std::make_unique<Server>(
        io, settings,
        [](const Request& request) -> Answer {
          if (request.target == "/stream") return PictureAnswer{"lobby", "raw", true, 30};
          if (request.target == "/picture") return PictureAnswer{"lobby", "raw", false, 30};
          return Response{200, "text/plain", request.method + " " + request.target, {}};
        },
        pictures, observer);
    port = server->start();
    for (int i = 0; i < 2; ++i) threads.emplace_back([this] { io.run(); });
  }
  ~Running() {
    io.stop();
    threads.clear();
  }

  /// Until the server has counted this; the connection is what passes the time.
  bool dropped(const std::string& why) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < deadline) {
      {
        std::lock_guard lock(mutex);
        if (std::find(drops.begin(), drops.end(), why) != drops.end()) return true;
      }
      http_get(port, "/tick");
    }
    return false;
  }
};

}  // namespace

TEST_CASE("a connection serves request after request") {
  Running running{{}};
  Connection connection(running.port);
  for (int i = 0; i < 3; ++i) {
    connection.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(read_answer(connection).body == "GET /" + std::to_string(i));
  }
  connection.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(read_answer(connection).body == "GET /a");
  CHECK(read_answer(connection).body == "GET /b");
  CHECK(connection.receive().empty());
}

TEST_CASE("what is too large is refused") {
  Running running{{}};
  CHECK(http_raw(running.port, "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20000, 'a') + "\r\n\r\n").status ==
        431);
  CHECK(http_raw(running.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n").status == 413);
}

TEST_CASE("what is no HTTP is refused or dropped, and the server goes on") {
  Running running{{}};
  CHECK(http_raw(running.port, "nonsense\r\n\r\n").status == 400);
  CHECK(http_raw(running.port, "GET / HTTP/9.9\r\n\r\n").status == 400);
  { Connection gone(running.port); }
  {
    Connection half(running.port);
    half.send("GET / HT");
  }
  CHECK(http_get(running.port, "/").status == 200);
}

TEST_CASE("a header that does not come is not waited for") {
  ServerSettings settings;
  settings.header_timeout = 100ms;
  Running running{settings};
  Connection slow(running.port);
  slow.send("GET / HTTP/1.1\r\nHost:");
  CHECK(slow.receive().empty());
  CHECK(running.dropped("header"));
}

TEST_CASE("a silent connection is closed") {
  ServerSettings settings;
  settings.idle_timeout = 100ms;
  Running running{settings};
  Connection idle(running.port);
  idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(read_answer(idle).status == 200);
  CHECK(idle.receive().empty());
}

TEST_CASE("there are so many connections and no more") {
  ServerSettings settings;
  settings.connections = 2;
  Running running{settings};
  auto first = std::make_unique<Connection>(running.port);
  Connection second(running.port);
  for (auto* connection : {first.get(), &second}) {
    connection->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(read_answer(*connection).status == 200);
  }
  Connection third(running.port);
  CHECK(third.receive().empty());
}

TEST_CASE("no picture in time is 503 with when to come again") {
  ServerSettings settings;
  settings.picture_wait = 50ms;
  Running running{settings, true};
  for (const char* target : {"/picture", "/stream"}) {
    const auto answer = http_get(running.port, target);
    CHECK(answer.status == 503);
    CHECK(answer.headers.at("retry-after") == "1");
  }
}

TEST_CASE("a viewer that takes nothing is dropped") {
  ServerSettings settings;
  settings.write_timeout = 200ms;
  Running running{settings, false, std::size_t{4} << 20};
  Connection viewer(running.port);
  viewer.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(running.dropped("slow"));
}

TEST_CASE("viewers have a limit of their own, so that the API stays reachable") {
  ServerSettings settings;
  settings.viewers = 1;
  Running running{settings};
  Connection viewer(running.port);
  viewer.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  viewer.receive_until("--lynceus");
  CHECK(http_get(running.port, "/stream").status == 503);
  CHECK(http_get(running.port, "/").status == 200);
}

TEST_CASE("the server ends with connections open") {
  auto running = std::make_unique<Running>(ServerSettings{});
  Connection viewer(running->port), idle(running->port);
  viewer.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  viewer.receive_until("--lynceus");
  running.reset();
}

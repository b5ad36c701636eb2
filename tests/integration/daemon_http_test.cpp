// The server's limits, without the rest of the daemon behind it.
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "tests/integration/http_running.h"
#include "tests/support/catch.h"

using namespace lynceus::test;
using namespace std::chrono_literals;

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

TEST_CASE("when all places are taken the connection that waits longest for its client goes") {
  ServerSettings settings;
  settings.connections = 2;
  Running running{settings};
  Connection slow(running.port), second(running.port);
  slow.send("GET / HT");
  second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(read_answer(second).status == 200);
  CHECK(http_get(running.port, "/").status == 200);
  CHECK(slow.receive().empty());
  second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(read_answer(second).status == 200);
}

TEST_CASE("connections at work are not let go for new ones") {
  ServerSettings settings;
  settings.connections = 2;
  Running running{settings};
  Connection first(running.port), second(running.port);
  for (auto* viewer : {&first, &second}) {
    viewer->send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    viewer->receive_until("--lynceus");
  }
  Connection third(running.port);
  CHECK(third.receive().empty());
  first.receive_until("--lynceus");
}

TEST_CASE("no picture in time is 503 with when to come again") {
  ServerSettings settings;
  settings.picture_wait = 50ms;
  Running running{settings, Shown{.none = true}};
  for (const char* target : {"/picture", "/stream"}) {
    const auto answer = http_get(running.port, target);
    CHECK(answer.status == 503);
    CHECK(answer.headers.at("retry-after") == "1");
  }
}

TEST_CASE("a viewer that takes nothing is dropped") {
  ServerSettings settings;
  settings.write_timeout = 200ms;
  Running running{settings, Shown{.bytes = std::size_t{4} << 20}};
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

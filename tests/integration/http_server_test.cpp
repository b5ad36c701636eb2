// What the server sends besides plain responses, and what it makes of requests that are odd on purpose.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "tests/integration/http_running.h"
#include "tests/support/catch.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

using namespace lynceus::test;
using namespace std::chrono_literals;

namespace {

std::string request(const std::string& line, const std::string& more = {}, const std::string& body = {}) {
  const std::string length = body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return line + " HTTP/1.1\r\nHost: localhost\r\n" + more + length + "\r\n" + body;
}

Response text(std::string body) { return {200, "text/plain", std::move(body), {}}; }

/// A feed that tells what it was given, and then nothing.
class ListFeed final : public EventFeed {
 public:
  explicit ListFeed(std::deque<std::string> texts) : texts_(std::move(texts)) {}
  void on_more(std::function<void()> wake) override {
    std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
  }
  std::optional<std::string> next() override {
    std::lock_guard lock(mutex_);
    if (over_) return std::nullopt;
    if (texts_.empty()) return "";
    std::string one = std::move(texts_.front());
    texts_.pop_front();
    return one;
  }
  void add(std::string one) {
    std::lock_guard lock(mutex_);
    texts_.push_back(std::move(one));
    if (wake_) wake_();
  }
  void end() {
    std::lock_guard lock(mutex_);
    over_ = true;
    if (wake_) wake_();
  }

 private:
  std::mutex mutex_;
  std::deque<std::string> texts_;
  std::function<void()> wake_;
  bool over_ = false;
};

/// Sends and reads what comes until the server closes, or until it has answered and waits.
std::string reaction(int port, const std::string& bytes) {
  Connection connection(port, 5s);
  connection.send(bytes);
  std::string all = connection.receive();
  return all;
}

}  // namespace

TEST_CASE("a body and the headers that count reach the handler") {
  Running running{{}, [](const Request& given) -> Answer {
                    return text(given.method + "|" + given.body + "|" + std::string(given.header("content-type")) +
                                "|" + std::string(given.header("authorization")) + "|" + given.peer_address + "|" +
                                given.host);
                  }};
  const std::string more = "Content-Type: application/json\r\nAuthorization: Bearer x\r\nX-Other: y\r\n";
  CHECK(http_raw(running.port, request("POST /a", more, "{\"a\":1}")).body ==
        "POST|{\"a\":1}|application/json|Bearer x|127.0.0.1|localhost");
  const std::string chunked = request("PUT /a", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  CHECK(http_raw(running.port, chunked).body.starts_with("PUT|abcde|"));
  CHECK(http_raw(running.port, request("GET /", "Authorization: a\r\nAuthorization: b\r\n")).body.find("|a, b|") !=
        std::string::npos);
}

TEST_CASE("a client that asks first is told to go on") {
  Running running{{}, [](const Request& given) -> Answer { return text(given.body); }};
  Connection connection(running.port);
  connection.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(connection.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  connection.send("ab");
  CHECK(read_answer(connection).body == "ab");
}

TEST_CASE("an answer may be given later, from another thread, and HEAD has its length only") {
  std::vector<std::jthread> threads;
  Running running{{}, [&threads](const Request&) -> Answer {
                    return DeferredAnswer{[&threads](const Reply& reply) {
                      threads.emplace_back([reply] {
                        reply(text("later"));
                        reply(text("again"));
                      });
                    }};
                  }};
  Connection connection(running.port);
  for (int i = 0; i < 3; ++i) {
    connection.send(request("POST /"));
    CHECK(read_answer(connection).body == "later");
  }
  connection.send(request("HEAD /"));
  CHECK(connection.receive_until("\r\n\r\n").find("Content-Length: 5") != std::string::npos);
  connection.send(request("GET /"));
  CHECK(read_answer(connection).body == "later");
}

TEST_CASE("an answer that does not come is 504, and one that comes after the server's end hurts nobody") {
  ServerSettings settings;
  settings.reply_wait = 50ms;
  std::mutex mutex;
  std::vector<Reply> replies;
  auto running = std::make_unique<Running>(settings, [&](const Request&) -> Answer {
    return DeferredAnswer{[&](const Reply& reply) {
      std::lock_guard lock(mutex);
      replies.push_back(reply);
    }};
  });
  CHECK(http_get(running->port, "/").status == 504);
  Connection waiting(running->port);
  waiting.send(request("GET /"));
  CHECK(http_get(running->port, "/").status == 504);
  running.reset();
  for (const Reply& reply : replies) reply(text("too late"));
}

TEST_CASE("a file is sent whole, in part, or not at all") {
  TempFolder folder;
  std::string content(300'000, 'x');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>('a' + i % 23);
  std::ofstream(folder / "clip.mp4") << content;
  Running running{{}, [&](const Request& given) -> Answer {
                    return FileAnswer{folder / given.target.substr(1), "video/mp4", std::string(given.header("range"))};
                  }};
  const auto get = [&](const std::string& range) {
    return http_raw(running.port, request("GET /clip.mp4", range.empty() ? "" : "Range: " + range + "\r\n"));
  };
  const auto whole = get("");
  CHECK(whole.status == 200);
  CHECK(whole.body == content);
  CHECK(whole.headers.at("accept-ranges") == "bytes");
  const auto part = get("bytes=100000-299998");
  CHECK(part.status == 206);
  CHECK(part.body == content.substr(100000, 199999));
  CHECK(part.headers.at("content-range") == "bytes 100000-299998/300000");
  CHECK(get("bytes=-5").body == content.substr(299995));
  CHECK(get("bytes=299990-").body == content.substr(299990));
  CHECK(get("bytes=0-999999999").body == content);
  CHECK(get("bytes=300000-").status == 416);
  CHECK(get("bytes=300000-").headers.at("content-range") == "bytes */300000");
  for (const char* odd :
       {"bytes=5-1", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=", "bytes=-", "bytes=99999999999999999999-"}) {
    INFO(odd);
    CHECK(get(odd).status == 200);
  }
  CHECK(http_get(running.port, "/none.mp4").status == 404);
  CHECK(http_get(running.port, "/.").status == 404);  // a folder is no file
}

TEST_CASE("events come as they happen, and one who fell behind is let go") {
  const auto feed = std::make_shared<ListFeed>(std::deque<std::string>{"retry: 1\n\n", "data: one\n\n"});
  Running running{{}, [feed](const Request&) -> Answer { return EventsAnswer{feed}; }};
  Connection listener(running.port);
  listener.send(request("GET /events"));
  CHECK(listener.receive_until("\r\n\r\n").find("text/event-stream") != std::string::npos);
  listener.receive_until("data: one\n\n");
  feed->add("data: two\n\n");
  listener.receive_until("data: two\n\n");
  feed->end();
  CHECK(listener.receive().empty());
  CHECK(running.dropped("slow"));
}

TEST_CASE("a request that could be read in two ways is refused") {
  Running running{{}};
  const std::string both =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  CHECK(reaction(running.port, both).starts_with("HTTP/1.1 400"));
  for (const char* bad :
       {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "GET / HTTP/1.1\r\nHo st: x\r\n\r\n",
        "GET /\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    INFO(bad);
    const std::string answer = reaction(running.port, bad);
    CHECK((answer.empty() || answer.starts_with("HTTP/1.1 4") || answer.find("folded") == std::string::npos));
  }
  CHECK(http_get(running.port, "/").status == 200);
}

TEST_CASE("requests with bytes changed at random never stop the server") {
  ServerSettings settings;
  settings.header_timeout = 20ms;  // cut ones are not waited for
  Running running{settings};
  std::mt19937 random(20260301);
  const std::vector<std::string> seeds{request("GET /a?b=c", "Cookie: lynceus=x\r\nRange: bytes=0-1\r\n"),
                                       request("POST /x", "Expect: 100-continue\r\n", "{}"),
                                       request("PUT /y", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n"};
  for (int round = 0; round < 300; ++round) {
    std::string bytes = seeds[random() % seeds.size()];
    for (unsigned i = 0; i < 1 + random() % 4; ++i) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, random() % 8);
          break;
        case 2:
          bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 40));
          break;
        default:
          bytes.insert(at, std::string(random() % 64, "\r\n\0 :%"[random() % 6]));
      }
      if (bytes.empty()) bytes = "\r\n";
    }
    reaction(running.port, bytes);
  }
  CHECK(http_get(running.port, "/").status == 200);
}

TEST_CASE("five hundred clients that never finish a request keep nobody out", "[heavy]") {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
  setrlimit(RLIMIT_NOFILE, &files);
  Running running{{}};
  std::vector<std::unique_ptr<Connection>> slow;
  for (int i = 0; i < 500; ++i) {
    slow.push_back(std::make_unique<Connection>(running.port));
    slow.back()->send("GET / HTTP/1.1\r\nHost: x\r\nX-Slow:");
    if (i % 50 == 0) CHECK(http_get(running.port, "/", 2s).status == 200);
  }
  for (int i = 0; i < 20; ++i) CHECK(http_get(running.port, "/", 2s).status == 200);
  CHECK(running.server->connections() <= 257);
}

TEST_CASE("with certificate and key it speaks TLS, and a renewed certificate needs no restart") {
  TempFolder folder;
  lynceus::log::capture([](std::string_view) {});
  const auto certify = [&](const std::string& name) {
    ChildProcess openssl({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                          "-nodes", "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2", "-subj",
                          "/CN=" + name, "-addext", "subjectAltName=DNS:localhost"});
    REQUIRE(openssl.wait(30s) == 0);
  };
  certify("first");
  ServerSettings settings;
  settings.tls_certificate = folder / "cert.pem";
  settings.tls_key = folder / "key.pem";
  Running running{settings, [](const Request& given) -> Answer {
                    return text(given.tls ? std::string(100'000, 's') : std::string("plain"));
                  }};
  const auto curl = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"curl", "-sS", "--max-time", "10", "--cacert", folder / "cert.pem"});
    words.push_back("https://localhost:" + std::to_string(running.port) + "/");
    ChildProcess child(words);
    const auto status = child.wait(20s);
    return std::pair(status.value_or(-1), child.output());
  };
  CHECK(curl({}) == std::pair(0, std::string(100'000, 's')));
  CHECK(curl({"--tls-max", "1.1"}).first != 0);
  certify("second");
  CHECK(curl({}).first == 0);  // trusts the new one only
  std::ofstream(folder / "key.pem") << "spoilt";
  CHECK(curl({}).first == 0);
  CHECK(reaction(running.port, request("GET /")).find("200") == std::string::npos);
  lynceus::log::capture({});
}

TEST_CASE("a certificate without its key is refused at the start") {
  ServerSettings settings;
  settings.tls_certificate = "/nowhere.pem";
  settings.tls_key = "/nowhere.key";
  CHECK_THROWS_AS(Running(settings), lynceus::Error);
}

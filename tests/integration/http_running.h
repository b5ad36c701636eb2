// The HTTP server alone, with a handler of the test's own behind it.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/http/server.h"
#include "tests/support/http_client.h"

namespace lynceus::test {

using namespace daemon;
using namespace daemon::http;

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

/// What the cameras have to show.
struct Shown {
  bool none = false;
  std::size_t bytes = 1000;
};

struct Running {
  FakePictures pictures;
  std::mutex mutex;
  std::vector<std::string> drops;  // guarded by mutex
  boost::asio::io_context io;
  std::unique_ptr<Server> server;
  std::vector<std::jthread> threads;
  int port = 0;

  explicit Running(ServerSettings settings) : Running(std::move(settings), Server::Handler(answer)) {}
  Running(ServerSettings settings, Shown shown) : Running(std::move(settings), Server::Handler(answer), shown) {}
  Running(ServerSettings settings, Server::Handler handler, Shown shown = {}) {
    pictures.none = shown.none;
    pictures.bytes = shown.bytes;
    settings.port = 0;
    ServerObserver observer{nullptr, [this](const std::string& why) {
                              std::lock_guard lock(mutex);
                              drops.push_back(why);
                            }};
    server = std::make_unique<Server>(io, settings, std::move(handler), pictures, observer);
    port = server->start();
    for (int i = 0; i < 2; ++i) threads.emplace_back([this] { io.run(); });
  }
  static Answer answer(const Request& request) {
    if (request.target == "/stream") return PictureAnswer{"lobby", "raw", true, 30};
    if (request.target == "/picture") return PictureAnswer{"lobby", "raw", false, 30};
    return Response{200, "text/plain", request.method + " " + request.target, {}};
  }
  ~Running() {
    server.reset();  // from here on nobody posts to io any more
    io.stop();
    threads.clear();
  }

  /// Until the server has counted this; the connection is what passes the time.
  bool dropped(const std::string& why) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
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

}  // namespace lynceus::test

// A real daemon with simulated cameras: its routes, its reload, its end.
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "pipeline/picture/picture_io.h"
#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const std::string kTwo =
    "  one: {url: 'sim://still?fps=10&size=320x240', name: First}\n"
    "  two: {url: 'sim://still?fps=10&size=160x120'}\n";

std::string received(const std::string& camera) {
  return "lynceus_camera_frames_received_total{camera=\"" + camera + "\"}";
}
std::string analyzed(const std::string& camera) {
  return "lynceus_camera_frames_analyzed_total{camera=\"" + camera + "\"}";
}

picture::Decoded decoded(const std::string& body) {
  return picture::decode(std::as_bytes(std::span(body.data(), body.size())), "answer");
}

void check_end(DaemonRun& daemon, int signal) {
  const auto begin = std::chrono::steady_clock::now();
  daemon.signal(signal);
  const auto status = daemon.wait(5s);
  const auto took = std::chrono::steady_clock::now() - begin;
  INFO(daemon.output());
  REQUIRE(status);
  CHECK(*status == 0);
  CHECK(took < 2s);
}

}  // namespace

TEST_CASE("every route of a running daemon answers, and it ends in time") {
  DaemonRun daemon;
  daemon.configure(kTwo);
  daemon.start();
  REQUIRE(daemon.until_metric(analyzed("one"), [](double v) { return v >= 3; }));
  REQUIRE(daemon.until_metric(analyzed("two"), [](double v) { return v >= 3; }));

  CHECK(daemon.get("/healthz").status == 200);
  CHECK(daemon.get("/readyz").status == 200);
  CHECK(daemon.get("/").headers.at("content-type") == "text/html; charset=utf-8");
  CHECK(daemon.get("/").headers.at("content-security-policy").find("default-src 'none'") == 0);
  CHECK(json::parse(daemon.get("/api/v1/version").body).at("name") == "lynceus");
  CHECK(daemon.get("/nothing").status == 404);

  const json list = json::parse(daemon.get("/api/v1/cameras").body);
  REQUIRE(list.at("cameras").size() == 2);
  CHECK(list["cameras"][0]["id"] == "one");
  CHECK(list["cameras"][0]["name"] == "First");
  CHECK(list["cameras"][0]["state"] == "streaming");
  CHECK(list["cameras"][0]["width"] == 320);
  CHECK(json::parse(daemon.get("/api/v1/cameras/two/observations").body).at("plugins")[0]["plugin"] == "health");

  const auto snapshot = daemon.get("/api/v1/cameras/one/snapshot.jpg?view=overlay");
  REQUIRE(snapshot.status == 200);
  CHECK(snapshot.headers.at("content-type") == "image/jpeg");
  CHECK(decoded(snapshot.body).pixels.size() == cv::Size(320, 240));
  CHECK(daemon.metric("lynceus_camera_up{camera=\"two\"}") == 1.0);
  CHECK(daemon.metric("lynceus_stage_duration_seconds_count{camera=\"one\",stage=\"encode\"}") >= 1.0);
  check_end(daemon, SIGTERM);
}

TEST_CASE("a stream sends picture after picture") {
  DaemonRun daemon;
  daemon.configure(kTwo);
  daemon.start();
  Connection viewer(daemon.port(), 20s);
  viewer.send("GET /api/v1/cameras/two/stream.mjpg?fps=10 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string head = viewer.receive_until("\r\n\r\n");
  CHECK(head.find("HTTP/1.1 200") == 0);
  CHECK(head.find("multipart/x-mixed-replace; boundary=lynceus") != std::string::npos);
  for (int i = 0; i < 3; ++i) {
    const std::string part = viewer.receive_until("\r\n\r\n");
    CHECK(part.find("--lynceus\r\n") != std::string::npos);
    const auto length = std::stoul(part.substr(part.find("Content-Length: ") + 16));
    CHECK(decoded(viewer.receive_bytes(length)).pixels.size() == cv::Size(160, 120));
  }
  check_end(daemon, SIGINT);
}

TEST_CASE("a reload keeps the untouched camera's stream, changes the other, and refuses a bad file whole") {
  DaemonRun daemon;
  daemon.configure(kTwo);
  daemon.start();
  REQUIRE(daemon.until_metric(received("one"), [](double v) { return v >= 20; }));

  daemon.configure(
      "  one: {url: 'sim://still?fps=10&size=320x240', name: First}\n"
      "  three: {url: 'sim://still?fps=10&size=160x120'}\n");
  daemon.signal(SIGHUP);
  REQUIRE(daemon.until_metric(received("three"), [](double v) { return v >= 3; }));
  CHECK(daemon.metric(received("one")) >= 20.0);
  CHECK_FALSE(daemon.metric(received("two")));
  CHECK(daemon.get("/metrics").body.find("camera=\"two\"") == std::string::npos);
  CHECK(daemon.get("/api/v1/cameras/two").status == 404);
  CHECK(daemon.metric("lynceus_config_last_reload_successful") == 1.0);

  daemon.configure("  one: {url: 'sim://still', nmae: Typo}\n");
  daemon.signal(SIGHUP);
  REQUIRE(daemon.until_metric("lynceus_config_last_reload_successful", [](double v) { return v == 0; }));
  const double before = daemon.metric(received("three")).value_or(-1);
  CHECK(daemon.until_metric(received("three"), [&](double v) { return v > before + 2; }));
  check_end(daemon, SIGTERM);
}

TEST_CASE("what is wrong at start is one line and its own exit status") {
  DaemonRun daemon;
  const auto refused = [&](const std::string& config) {
    daemon.write_config(config);
    ChildProcess child({LYNCEUS_BUILD_DIR "/bin/lynceusd", "--config", daemon.config_file()});
    CHECK(child.wait(20s) == 78);
    return child.output();
  };
  const std::string plugins = "  plugin_dir: " + daemon.path("plugins") + "\n";
  CHECK(refused("server:\n  prot: 1\n" + plugins).rfind("lynceusd: config: ", 0) == 0);
  CHECK(refused("server:\n  address: 0.0.0.0\n" + plugins).find("server.auth: none") != std::string::npos);
  CHECK(refused("server:\n  plugin_dir: /nowhere/at/all\n").rfind("lynceusd: ", 0) == 0);

  ChildProcess usage({LYNCEUS_BUILD_DIR "/bin/lynceusd", "--nonsense"});
  CHECK(usage.wait(20s) == 2);
}

TEST_CASE("--check reads everything and starts nothing") {
  DaemonRun daemon;
  daemon.configure(kTwo);
  ChildProcess child({LYNCEUS_BUILD_DIR "/bin/lynceusd", "--config", daemon.config_file(), "--check"});
  CHECK(child.wait(20s) == 0);
  CHECK(child.output().find("ok, 2 cameras") != std::string::npos);
}

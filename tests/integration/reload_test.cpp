// Reloads of a real daemon with real RTSP cameras: frames counted across them, secrets that change, alarms of its own.
#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"
#include "tests/support/simulator.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;

namespace {

std::string received(const std::string& camera) {
  return "lynceus_camera_frames_received_total{camera=\"" + camera + "\"}";
}

double frames(const DaemonRun& daemon, const std::string& camera) { return daemon.metric(received(camera)).value_or(-1); }

std::string camera_line(const std::string& id, const std::string& url, const std::string& rest = {}) {
  return "  " + id + ": {url: '" + url + "', transport: tcp" + rest + "}\n";
}

void replace(const std::string& file, const std::string& text) {
  std::ofstream(file + ".new") << text;
  std::filesystem::rename(file + ".new", file);
}

double connections(Simulator& cameras, const std::string& id) { return double(cameras.sent(id).served); }

}  // namespace

TEST_CASE("of ten reloads the untouched camera loses no frame, while others come, change and go") {
  Simulator cameras({"kept=scene:still,fps=25,size=160x120", "other=scene:still,fps=10,size=160x120"});
  const std::string kept = camera_line("kept", cameras.url("kept"));
  DaemonRun daemon;
  daemon.configure(kept);
  daemon.start();
  REQUIRE(daemon.until_metric(received("kept"), [](double v) { return v >= 25; }));
  const double connected = connections(cameras, "kept");
  const auto sent_before = cameras.sent("kept").frames;
  const double got_before = frames(daemon, "kept");

  double others = 0;
  for (int round = 0; round < 10; ++round) {
    const bool there = round % 3 != 2;  // added, changed, removed
    const std::string name = ", name: Round " + std::to_string(round);
    daemon.configure(there ? kept + camera_line("other", cameras.url("other"), name) : kept);
    daemon.signal(SIGHUP);
    REQUIRE(daemon.until([&] { return (frames(daemon, "other") >= 1) == there; }));
    if (there) {
      REQUIRE(daemon.until([&] {
        const auto answer = daemon.get("/api/v1/cameras/other");
        return answer.status == 200 && nlohmann::json::parse(answer.body).at("name") == "Round " + std::to_string(round);
      }));
      ++others;
    }
  }
  REQUIRE(others == 7);
  // As many as were sent, but for those on the way at the first and the last look.
  const auto sent = double(cameras.sent("kept").frames - sent_before);
  REQUIRE(daemon.until([&] { return frames(daemon, "kept") - got_before >= sent - 5; }));
  const auto sent_now = double(cameras.sent("kept").frames - sent_before);
  CHECK(frames(daemon, "kept") - got_before <= sent_now + 5);
  CHECK(connections(cameras, "kept") == connected);
  CHECK(daemon.metric("lynceus_camera_reconnects_total{camera=\"kept\",reason=\"eos\"}") == 0.0);
  CHECK(daemon.metric("lynceus_camera_frames_dropped_total{camera=\"kept\",reason=\"decode_error\"}") == 0.0);
}

TEST_CASE("a secret's file that changes is a reload: the camera that uses it connects anew, the other stays") {
  Simulator cameras({"locked=scene:still,fps=10,size=160x120", "open=scene:still,fps=10,size=160x120"});
  DaemonRun daemon;
  replace(daemon.path("path"), "nowhere\n");
  const std::string url = cameras.url("locked");
  const std::size_t slash = url.rfind('/');
  daemon.configure(camera_line("locked", url.substr(0, slash + 1) + "${file:path}") +
                   camera_line("open", cameras.url("open")));
  daemon.start();
  REQUIRE(daemon.until_metric(received("open"), [](double v) { return v >= 5; }));
  CHECK(frames(daemon, "locked") == 0);
  const double connected = connections(cameras, "open");

  replace(daemon.path("path"), url.substr(slash + 1) + "\n");
  CHECK(daemon.until_metric(received("locked"), [](double v) { return v >= 5; }));
  CHECK(connections(cameras, "open") == connected);
  CHECK(daemon.output().find("a secret's file has changed") != std::string::npos);
}

// A real daemon with plugins that misbehave: their camera's trouble stays theirs.
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

std::string camera(const std::string& id, const std::string& plugin) {
  return "  " + id + ": {url: 'sim://still?fps=10&size=160x120', analyzers: {health: false, " + plugin + ": {}}}\n";
}
std::string analyzed(const std::string& id) { return "lynceus_camera_frames_analyzed_total{camera=\"" + id + "\"}"; }

}  // namespace

TEST_CASE("a plugin that throws is disabled for its camera, one that never returns hangs its camera alone") {
  DaemonRun daemon({"health", "teller", "throws_in_process", "never_returns"});
  daemon.configure(camera("thrower", "throws_in_process") + camera("hanger", "never_returns") +
                   camera("good", "teller"));
  daemon.start();
  REQUIRE(daemon.until_metric("lynceus_analyzer_running{camera=\"thrower\",plugin=\"throws_in_process\"}",
                              [](double v) { return v == 0; }));
  CHECK(daemon.metric("lynceus_plugin_errors_total{camera=\"thrower\",plugin=\"throws_in_process\"}") >= 5.0);
  const double before = daemon.metric(analyzed("good")).value_or(0);
  CHECK(daemon.until_metric(analyzed("good"), [&](double v) { return v > before + 5; }));
  CHECK(daemon.until_metric(analyzed("thrower"), [&](double v) { return v > 10; }));
  CHECK(daemon.get("/healthz").status == 200);
  CHECK(daemon.metric("lynceus_events_total{camera=\"good\",kind=\"told\"}") > 0.0);

  const auto begin = std::chrono::steady_clock::now();
  daemon.signal(SIGTERM);
  const auto status = daemon.wait(5s);
  INFO(daemon.output());
  CHECK(status == 0);
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
}

TEST_CASE("a plugin finds its state again after a restart, and after a sudden end") {
  DaemonRun daemon({"health", "teller"});
  daemon.configure(camera("good", "teller"));
  const auto starts = [&] {
    const HttpAnswer answer = daemon.get("/api/v1/cameras/good/observations");
    if (answer.status != 200) return 0;  // the server is up a moment before the cameras
    const json body = json::parse(answer.body);
    return body.at("plugins").empty() ? 0 : body["plugins"][0].at("details").at("starts").get<int>();
  };
  daemon.start();
  REQUIRE(daemon.until([&] { return starts() == 1; }));
  daemon.signal(SIGTERM);
  REQUIRE(daemon.wait(5s) == 0);

  daemon.start();
  REQUIRE(daemon.until([&] { return starts() == 2; }));
  // Written behind within about a second: once the log has grown, a kill loses nothing.
  REQUIRE(daemon.until_metric(analyzed("good"), [](double v) { return v > 20; }));
  daemon.signal(SIGKILL);
  REQUIRE(daemon.wait(5s) == 128 + SIGKILL);

  daemon.start();
  CHECK(daemon.until([&] { return starts() == 3; }));
}

TEST_CASE("files that are no plugins are refused with a line each, and the daemon goes on") {
  DaemonRun daemon({"health", "no_note", "old_sdk", "writes_when_opened"});
  daemon.configure("  one: {url: 'sim://still?fps=10&size=160x120'}\n");
  daemon.start();
  CHECK(daemon.until_metric(analyzed("one"), [](double v) { return v >= 1; }));
  CHECK(daemon.metric("lynceus_plugins_refused") == 3.0);
}

// A plugin that crashes the daemon again and again: the fourth start leaves it out.
#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

std::string cameras(const std::string& how) {
  return "  bad: {url: 'sim://still?fps=10&size=160x120', analyzers: {health: false, crashes_in_process: {how: " + how +
         "}}}\n"
         "  good: {url: 'sim://still?fps=10&size=160x120'}\n";
}

/// Starts it and waits for its crash; the status it ended with.
std::optional<int> crash(DaemonRun& daemon) {
  try {
    daemon.start();
  } catch (const std::runtime_error&) {  // it may crash before its port is told
  }
  return daemon.wait(20s);
}

void check_left_out(DaemonRun& daemon) {
  daemon.start();
  REQUIRE(daemon.until_metric(
      "lynceus_condition_active{camera=\"bad\",plugin=\"crashes_in_process\",kind=\"analyzer_disabled\"}",
      [](double v) { return v == 1; }));
  CHECK(daemon.until_metric("lynceus_camera_frames_analyzed_total{camera=\"bad\"}", [](double v) { return v > 5; }));
  CHECK(daemon.until_metric("lynceus_camera_frames_analyzed_total{camera=\"good\"}", [](double v) { return v > 5; }));
  const json camera = json::parse(daemon.get("/api/v1/cameras/bad").body);
  CHECK(camera["analyzers"][0]["state"] == "disabled");
  CHECK(camera["analyzers"][0]["reason"] == "the daemon crashed in it three times in a row");
  CHECK(daemon.output().find("analyzer: disabled camera=bad plugin=crashes_in_process") != std::string::npos);
  daemon.signal(SIGTERM);
  REQUIRE(daemon.wait(5s) == 0);
}

/// Children inherit it: three dozen core files help nobody.
void no_core_files() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

TEST_CASE("after three crashes in a row the plugin is left out, until the configuration changes or the file goes") {
  no_core_files();
  DaemonRun daemon({"health", "crashes_in_process"});
  daemon.configure(cameras("segv"));
  for (int i = 0; i < 3; ++i) REQUIRE(crash(daemon) == 128 + SIGSEGV);
  check_left_out(daemon);
  check_left_out(daemon);  // a clean end does not forgive it

  daemon.configure(cameras("abort"));
  for (int i = 0; i < 3; ++i) REQUIRE(crash(daemon) == 128 + SIGABRT);
  check_left_out(daemon);

  std::filesystem::remove(daemon.path("state/plugin-crashes"));
  CHECK(crash(daemon) == 128 + SIGABRT);
}

TEST_CASE("an overrun stack is the plugin's crash, too") {
  no_core_files();
  DaemonRun daemon({"health", "crashes_in_process"});
  daemon.configure(cameras("overflow"));
  for (int i = 0; i < 3; ++i) REQUIRE(crash(daemon) == 128 + SIGSEGV);
  check_left_out(daemon);
}

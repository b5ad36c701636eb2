// The page a real daemon gives to Prometheus.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"
#include "tests/support/child_process.h"

using namespace lynceus::test;
using namespace std::chrono_literals;

namespace {

std::string cpu(const std::string& stage) {
  return "lynceus_camera_cpu_seconds_total{camera=\"one\",stage=\"" + stage + "\"}";
}

}  // namespace

TEST_CASE("promtool finds nothing wrong with a scrape, and the stages cost CPU time") {
  DaemonRun daemon({"health", "teller"});
  daemon.configure(
      "  one: {url: 'sim://still?fps=10&size=320x240', analyzers: {teller: {}}}\n"
      "  off: {url: 'sim://still', enabled: false}\n");
  daemon.start();
  REQUIRE(daemon.until_metric("lynceus_camera_frames_analyzed_total{camera=\"one\"}", [](double v) { return v >= 5; }));
  CHECK(daemon.get("/api/v1/cameras/one/snapshot.jpg").status == 200);
  for (const char* stage : {"gate", "health", "teller", "encode"}) {
    INFO(stage);
    CHECK(daemon.until_metric(cpu(stage), [](double v) { return v > 0; }));
  }
  CHECK(daemon.metric(cpu("decode")));
  CHECK(daemon.metric("lynceus_heap_in_use_bytes"));

  if (std::system("command -v promtool >/dev/null 2>&1") != 0) {
    WARN("skipped: no promtool (package prometheus)");
    return;
  }
  std::ofstream(daemon.path("page")) << daemon.get("/metrics").body;
  ChildProcess promtool({"sh", "-c", "exec promtool check metrics <" + daemon.path("page")});
  const auto status = promtool.wait(30s);
  INFO(promtool.output());
  CHECK(status == 0);
  CHECK(promtool.output().empty());
}

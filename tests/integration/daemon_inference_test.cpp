// What the daemon says of networks' back ends when it starts.
#include <chrono>
#include <stdexcept>
#include <string>

#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"

using namespace lynceus::test;
using namespace std::chrono_literals;

namespace {

void configure(DaemonRun& daemon, const std::string& inference) {
  daemon.write_config("site: test\nserver: {port: 0, auth: none, plugin_dir: '" + daemon.path("plugins") +
                      "'}\nstorage: {directory: '" + daemon.path("state") + "'}\ninference: " + inference +
                      "\ncameras: {}\n");
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a back end that is not here ends the start with the reason") {
  DaemonRun daemon;
  configure(daemon, "{backend: cuda, device: 63}");  // nobody has so many
  CHECK_THROWS_AS(daemon.start(), std::runtime_error);
  CHECK(daemon.wait(5s) == 78);
  const std::string said = daemon.output();
  CHECK(said.find("inference.backend: cuda: ") != std::string::npos);
  CHECK(said.find("; `auto` takes what is there") != std::string::npos);
}

TEST_CASE("`auto` on a box without an accelerator is one line, and the daemon is up") {
  DaemonRun daemon;
  configure(daemon, "{backend: auto, device: 63}");
  daemon.start();
  CHECK(daemon.get("/readyz").status == 200);
  const std::string none = "no accelerator for networks here, they run on the CPU";
  if (count(daemon.output(), none) == 0) {
    WARN("skipped: an OpenCL device is here");
    return;
  }
  CHECK(count(daemon.output(), none) == 1);
}

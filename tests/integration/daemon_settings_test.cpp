// settings.d of the state directory goes over the main file, at the start and at a reload.
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

void write_settings(const DaemonRun& daemon, const std::string& text) {
  std::filesystem::create_directories(daemon.path("state/settings.d"));
  std::ofstream(daemon.path("state/settings.d/one.yaml")) << text;
}

/// Empty while the camera is not there yet: the server is up a moment before the cameras.
std::string name_of_one(const DaemonRun& daemon) {
  const HttpAnswer answer = daemon.get("/api/v1/cameras/one");
  return answer.status == 200 ? json::parse(answer.body).at("name").get<std::string>() : std::string{};
}

}  // namespace

TEST_CASE("settings of a camera go over the main file, also on reload, and are checked alike") {
  const std::string cameras = "  one: {url: 'sim://still?fps=10&size=160x120', name: From the file}\n";
  DaemonRun daemon;
  daemon.configure(cameras);
  write_settings(daemon, "name: From the settings\n");
  daemon.start();
  CHECK(daemon.until([&] { return name_of_one(daemon) == "From the settings"; }));

  write_settings(daemon, "name: Changed\n");
  daemon.signal(SIGHUP);
  CHECK(daemon.until([&] { return name_of_one(daemon) == "Changed"; }));

  write_settings(daemon, "nmae: Typo\n");
  daemon.signal(SIGHUP);
  CHECK(daemon.until_metric("lynceus_config_last_reload_successful", [](double v) { return v == 0; }));
  CHECK(name_of_one(daemon) == "Changed");
  CHECK(daemon.output().find("settings.d/one.yaml:1:1") != std::string::npos);

  // Another directory counts at the next start only: until then the settings stay where the state is.
  write_settings(daemon, "name: Again\n");
  daemon.write_config("site: test\nserver:\n  port: 0\n  plugin_dir: " + daemon.path("plugins") +
                      "\nstorage:\n  directory: " + daemon.path("elsewhere") + "\ncameras:\n" + cameras);
  daemon.signal(SIGHUP);
  CHECK(daemon.until([&] { return name_of_one(daemon) == "Again"; }));

  std::filesystem::remove(daemon.path("state/settings.d/one.yaml"));
  daemon.signal(SIGHUP);
  CHECK(daemon.until([&] { return name_of_one(daemon) == "From the file"; }));
  daemon.signal(SIGTERM);
  CHECK(daemon.wait(5s) == 0);
}

TEST_CASE("the service manager's state directory holds the settings where the file names none") {
  DaemonRun daemon;
  daemon.write_config("server:\n  port: 0\n  plugin_dir: " + daemon.path("plugins") +
                      "\ncameras:\n  one: {url: 'sim://still?fps=10&size=160x120'}\n");
  write_settings(daemon, "name: From the settings\n");
  daemon.start({{"STATE_DIRECTORY", daemon.path("state")}});
  CHECK(daemon.until([&] { return name_of_one(daemon) == "From the settings"; }));
}

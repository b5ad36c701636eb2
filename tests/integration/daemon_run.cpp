#include "tests/integration/daemon_run.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace lynceus::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const std::string kBuild = LYNCEUS_BUILD_DIR;

}  // namespace

DaemonRun::DaemonRun(const std::vector<std::string>& plugins) {
  fs::create_directory(path("plugins"));
  for (const std::string& name : plugins) {
    const std::string file = "/lynceus_" + name + ".so";
    const std::string real = kBuild + "/plugins" + file;
    fs::copy_file(fs::exists(real) ? real : kBuild + "/test-plugins" + file, path("plugins") + file);
  }
}

void DaemonRun::configure(const std::string& cameras, const std::string& server) {
  write_config("site: test\nserver:\n  port: 0\n  plugin_dir: " + path("plugins") + "\n" + server +
               "storage:\n  directory: " + path("state") + "\ncameras:\n" + cameras);
}

void DaemonRun::write_config(const std::string& text) { std::ofstream(config_file()) << text; }

void DaemonRun::start(const std::map<std::string, std::string>& environment) {
  fs::remove(path("port"));
  child_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{kBuild + "/bin/lynceusd", "--config", config_file(), "--port-file", path("port")},
      environment);
  wait_for_port();
}

void DaemonRun::wait_for_port() {
  const auto there = [&] {
    std::ifstream file(path("port"));
    return static_cast<bool>(file >> port_);
  };
  if (!until(there)) throw std::runtime_error("lynceusd did not come up:\n" + output());
}

/// Waiting for the child's end is what passes the time between two looks.
bool DaemonRun::until(const std::function<bool()>& so, std::chrono::seconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (!so()) {
    if (std::chrono::steady_clock::now() > deadline || child_->wait(50ms)) return false;
  }
  return true;
}

std::optional<double> DaemonRun::metric(const std::string& series) const {
  std::istringstream text(get("/metrics").body);
  for (std::string line; std::getline(text, line);) {
    if (line.rfind(series + " ", 0) == 0) return std::strtod(line.c_str() + series.size(), nullptr);
  }
  return std::nullopt;
}

bool DaemonRun::until_metric(const std::string& series, const std::function<bool(double)>& so) {
  return until([&] {
    const auto value = metric(series);
    return value && so(*value);
  });
}

}  // namespace lynceus::test

#include "tools/demo/demo.h"

#include <poll.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "tools/demo/deliveries.h"
#include "tools/demo/demo_set.h"
#include "tools/demo/faulty_film.h"
#include "tools/process/loopback_http.h"
#include "tools/process/piped_child.h"
#include "tools/process/program.h"
#include "tools/process/stop_signals.h"
#include "tools/process/workspace.h"
#include "tools/simulate/spec.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kRendering = 300s;  // all scenes, on a slow machine, for the first time
constexpr auto kDaemonStart = 20s;
constexpr auto kAllStream = 30s;
constexpr auto kGlance = 200ms;

constexpr const char* kHelp =
    R"(lynceus demo [--port N] [--for DURATION]

Starts a simulated camera for each plugin on real RTSP, and some more with all that may go wrong with a camera; the
daemon, and its page on http://127.0.0.1:8080; and a receiver of webhooks that checks and prints every delivery: within a
minute an alarm of each kind.
Ctrl-C stops everything; nothing is left behind but rendered scenes in the cache.

--port N         the page's port; 0: any
--for DURATION   stops by itself so long after the page is there: 60s, 5m; exit 0 when every camera streamed, 1 when one did not

Example: lynceus demo --for 60s
)";

struct Options {
  int port = 8080;
  std::optional<double> for_s;
  bool help = false;
};

Options parse(std::span<const std::string> args) {
  Options options;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--help" || args[i] == "-h") {
      options.help = true;
      return options;
    }
    if (args[i] != "--port" && args[i] != "--for")
      throw Error(Exit::usage, "demo", args[i], "unknown option; see lynceus demo --help");
    if (i + 1 == args.size()) throw Error(Exit::usage, "demo", args[i], "a value expected after it");
    const auto& value = args[i + 1];
    if (args[i++] == "--for") {
      options.for_s = parse_seconds(value, "--for");
      continue;
    }
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), options.port);
    if (error != std::errc{} || end != value.data() + value.size() || options.port < 0 || options.port > 65535)
      throw Error(Exit::usage, "demo", "--port " + value, "0 to 65535 expected");
  }
  return options;
}

class Demo {
 public:
  explicit Demo(const Options& options) : options_(options), folder_(fs::path(own_program()).parent_path().string()) {}

  int run() {
    if (!start_cameras() || !start_daemon()) return stopped_ ? 0 : 1;
    begun_ = Steady::now();
    std::printf("page: http://127.0.0.1:%d\n", port_);
    std::fflush(stdout);
    watch(kAllStream, [&] { return all_stream(); });
    report();
    const bool lives = idle();
    if (lives) sum_up();
    const bool whole = waiting_.empty() && lives;
    daemon_.reset();
    return whole || (stopped_ && lives && !options_.for_s) ? 0 : 1;
  }

 private:
  /// Polls for something until it is so, time is up, the daemon ended or the user wants to stop.
  template <class Ready>
  bool watch(std::chrono::nanoseconds within, Ready ready) {
    const auto deadline = Steady::now() + within;
    while (!ready()) {
      if (Steady::now() >= deadline || glance()) return false;
    }
    return true;
  }

  /// A short wait; true when it is time to go.
  bool glance() {
    pollfd stop{signals_.fd(), POLLIN, 0};
    stopped_ = stopped_ || poll(&stop, 1, static_cast<int>(kGlance.count())) > 0;
    daemon_ended_ = daemon_ended_ || (daemon_ && daemon_->wait(0ms));
    return stopped_ || daemon_ended_;
  }

  bool start_cameras() {
    const auto film = workspace_.file("shelf.mjpg");
    write_faulty_film(film);
    std::vector<std::string> command{folder_ + "/lynceus", "simulate", "--control"};
    for (const auto& camera : demo_cameras())
      command.insert(command.end(), {"--camera", camera.id + "=" + demo_spec(camera, film)});
    std::fprintf(stderr, "demo: preparing %zu cameras\n", demo_cameras().size());
    simulator_.emplace(command);
    // Lines come as scenes are ready; between them we look whether somebody wants to stop.
    const bool ready = watch(kRendering, [&] { return read_urls(); });
    if (!ready && !stopped_) throw Error(Exit::fatal, "demo", "cameras", "not ready in time");
    return ready;
  }

  bool read_urls() {
    while (urls_.size() < demo_cameras().size()) {
      const auto line = simulator_->read_line(Steady::now());
      if (!line && simulator_->wait(0ms)) throw Error(Exit::fatal, "demo", "cameras", "the simulator ended");
      if (!line) return false;
      if (const auto blank = line->find(' '); blank != std::string::npos)
        urls_[line->substr(0, blank)] = line->substr(blank + 1);
    }
    return true;
  }

  bool start_daemon() {
    const auto plugins = plugin_folder(folder_);
    const auto config = workspace_.file("lynceus.yaml"), port_file = workspace_.file("port");
    deliveries_.emplace();
    std::ofstream(config) << demo_yaml({options_.port, workspace_.file("state"), plugins, deliveries_->url(),
                                        deliveries_->secret(), urls_, plugins_in(plugins)});
    fs::create_directory(workspace_.file("state"));
    const std::vector<std::string> command{folder_ + "/lynceusd", "--config", config, "--port-file", port_file};
    daemon_.emplace(command, PipedChild::Output::inherit);
    for (const auto& camera : demo_cameras()) waiting_.insert(camera.id);
    const bool open = watch(kDaemonStart, [&] {
      return std::ifstream(port_file) >> port_ && port_ > 0 && loopback_get(port_, "/healthz").status == 200;
    });
    if (!open && !stopped_) std::fprintf(stderr, "demo: lynceusd did not start\n");
    return open;
  }

  bool all_stream() {
    const auto answer = loopback_get(port_, "/api/v1/cameras");
    const auto json = nlohmann::json::parse(answer.body, nullptr, false);
    if (answer.status != 200 || !json.is_object()) return false;
    for (const auto& camera : json.value("cameras", nlohmann::json::array()))
      if (camera.value("state", "") == "streaming") streams(camera.value("id", ""));
    return waiting_.empty();
  }

  void streams(const std::string& id) {
    if (waiting_.erase(id) == 0) return;
    std::printf("camera: %s %s\n", id.c_str(), urls_[id].c_str());
    std::fflush(stdout);
  }

  void report() const {
    if (waiting_.empty() || stopped_) return;
    std::string names;
    for (const auto& id : waiting_) names += " " + id;
    std::fprintf(stderr, "demo: not streaming within %lld s:%s\n", static_cast<long long>(kAllStream.count()),
                 names.c_str());
  }

  /// Which kinds of alarm were raised, as the daemon's own metrics tell, and what arrived.
  void sum_up() const {
    std::map<std::string, double> kinds;
    std::istringstream page(loopback_get(port_, "/metrics").body);
    for (std::string line; std::getline(page, line);) {
      if (line.starts_with("lynceus_alarms_total{") && label(line, "camera") != "") {
        kinds[label(line, "kind")] += std::strtod(line.c_str() + line.rfind(' '), nullptr);
      }
    }
    std::string raised;
    for (const auto& [kind, count] : kinds) {
      if (count > 0) raised += " " + kind;
    }
    std::printf("alarms raised:%s\ndeliveries: %d verified, %d refused\n", raised.c_str(), deliveries_->verified(),
                deliveries_->refused());
    std::fflush(stdout);
  }

  static std::string label(const std::string& line, const std::string& name) {
    const auto at = line.find(name + "=\"");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 2;
    return line.substr(begin, line.find('"', begin) - begin);
  }

  /// Until the user stops it or its time is over; false when the daemon ended by itself.
  bool idle() {
    const auto length = std::chrono::duration<double>(options_.for_s.value_or(0));
    const auto end =
        options_.for_s ? begun_ + std::chrono::duration_cast<Steady::duration>(length) : Steady::time_point::max();
    while (Steady::now() < end && !glance()) {
    }
    if (daemon_ended_) std::fprintf(stderr, "demo: lynceusd ended by itself\n");
    return !daemon_ended_;
  }

  const Options options_;
  const std::string folder_;
  Steady::time_point begun_;  ///< when the page was there
  const StopSignals signals_;
  const Workspace workspace_{"demo"};
  std::map<std::string, std::string> urls_;
  std::set<std::string> waiting_;  ///< cameras that have not streamed yet
  std::optional<PipedChild> simulator_;
  std::optional<Deliveries> deliveries_;  // outlives the daemon
  std::optional<PipedChild> daemon_;
  int port_ = 0;
  bool stopped_ = false, daemon_ended_ = false;
};

}  // namespace

int run_demo(std::span<const std::string> args) {
  const Options options = parse(args);
  if (options.help) return std::fputs(kHelp, stdout), 0;
  return Demo(options).run();
}

}  // namespace lynceus::tools

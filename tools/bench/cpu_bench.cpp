#include "tools/bench/cpu_bench.h"

#include <gst/gst.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/clock.h"
#include "base/error.h"
#include "base/gst.h"
#include "tools/bench/metrics_page.h"
#include "tools/process/piped_child.h"
#include "tools/process/program.h"

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartUp = 60s;

/// A folder of our own that goes with us.
class Workspace {
 public:
  Workspace() {
    std::string name = (std::filesystem::temp_directory_path() / "lynceus-bench-XXXXXX").string();
    if (!mkdtemp(name.data())) throw Error(Exit::fatal, "bench", name, "cannot make a temporary folder");
    path_ = name;
  }
  ~Workspace() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// One simulated camera per stream, all from one encoded clip.
struct Cameras {
  explicit Cameras(const CpuBenchSettings& settings) : simulator(command(settings)) {
    const auto deadline = system_clock().now() + kStartUp;
    for (int i = 0; i < settings.cameras; ++i) {  // in the order in which they are ready
      const auto line = simulator.read_line(deadline);
      const std::size_t blank = line ? line->find(' ') : std::string::npos;
      if (blank == std::string::npos) throw Error(Exit::fatal, "bench", "simulator", "it did not start");
      urls[line->substr(0, blank)] = line->substr(blank + 1);
    }
  }

  static std::vector<std::string> command(const CpuBenchSettings& s) {
    std::vector<std::string> words{program_beside_us("lynceus"), "simulate"};
    for (int i = 0; i < s.cameras; ++i) {
      words.push_back("--camera");
      words.push_back("c" + std::to_string(i) + "=scene:still,fps=" + std::to_string(s.fps) +
                      ",size=" + std::to_string(s.width) + "x" + std::to_string(s.height));
    }
    return words;
  }

  PipedChild simulator;
  std::map<std::string, std::string> urls;  ///< by camera
};

void wait_for(std::chrono::milliseconds time) { system_clock().sleep_until({}, system_clock().now() + time); }

/// CPU cores a process uses, over the time given.
double cores(const PipedChild& child, std::chrono::seconds time) {
  const double before = child.cpu_seconds();
  const auto start = system_clock().now();
  wait_for(time);
  const std::chrono::duration<double> passed = system_clock().now() - start;
  return (child.cpu_seconds() - before) / passed.count();
}

double measure_bare(const Cameras& cameras, const CpuBenchSettings& settings) {
  std::vector<std::string> command{program_beside_us("lynceus"), "bench", "--bare"};
  for (const auto& [camera, url] : cameras.urls) command.push_back(url);
  PipedChild bare(command);
  const auto deadline = system_clock().now() + kStartUp;
  for (int i = 0; i < settings.cameras; ++i) {
    if (!bare.read_line(deadline)) throw Error(Exit::fatal, "bench", "bare decoder", "not every stream came");
  }
  return cores(bare, settings.seconds);
}

std::string write_config(const Workspace& workspace, const Cameras& cameras) {
  const std::string path = workspace.file("bench.yaml");
  std::ofstream out(path);
  out << "site: bench\nserver: {port: 0, auth: none}\nstorage: {directory: " << workspace.file("state")
      << "}\ndefaults: {transport: tcp}\ncameras:\n";
  for (const auto& [camera, url] : cameras.urls) out << "  " << camera << ": {url: \"" << url << "\"}\n";
  return path;
}

int wait_for_port(const std::string& file, PipedChild& daemon) {
  const auto deadline = system_clock().now() + kStartUp;
  while (system_clock().now() < deadline) {
    if (const auto status = daemon.wait(50ms)) {
      throw Error(Exit::fatal, "bench", "lynceusd", "ended with status " + std::to_string(*status));
    }
    int port = 0;
    if (std::ifstream(file) >> port && port > 0) return port;
  }
  throw Error(Exit::fatal, "bench", "lynceusd", "did not open its port");
}

struct Flow {
  double received = 0, analyzed = 0, dropped = 0, sent = 0;
};

Flow read_flow(int port) {
  const MetricsPage page = MetricsPage::fetch(port);
  return {page.sum("lynceus_camera_frames_received_total"), page.sum("lynceus_camera_frames_analyzed_total"),
          page.sum("lynceus_camera_frames_dropped_total"), 0};
}

double measure_daemon(const Cameras& cameras, const CpuBenchSettings& settings, CpuBenchResult& result) {
  Workspace workspace;
  const std::string port_file = workspace.file("port");
  PipedChild daemon({program_beside_us("lynceusd"), "--config", write_config(workspace, cameras), "--port-file",
                     port_file, "--log-level", "warning"});
  const int port = wait_for_port(port_file, daemon);
  const auto deadline = system_clock().now() + kStartUp;
  while (MetricsPage::fetch(port).sum("lynceus_camera_up") < settings.cameras) {
    if (system_clock().now() > deadline) throw Error(Exit::fatal, "bench", "lynceusd", "not every camera came up");
    wait_for(100ms);
  }
  wait_for(2s);  // health and gate have learned their backgrounds
  const Flow before = read_flow(port);
  const double used = cores(daemon, settings.seconds);
  const Flow after = read_flow(port);
  result.received += after.received - before.received;
  result.analyzed += after.analyzed - before.analyzed;
  result.dropped += after.dropped - before.dropped;
  result.sent += static_cast<double>(settings.cameras * settings.fps) * static_cast<double>(settings.seconds.count());
  return used;
}

}  // namespace

CpuBenchResult run_cpu_bench(const CpuBenchSettings& settings) {
  CpuBenchResult result;
  Cameras cameras(settings);
  std::vector<double> ratios;
  for (int i = 0; i < settings.rounds; ++i) {
    CpuRound round;
    round.bare_cores = measure_bare(cameras, settings);
    round.daemon_cores = measure_daemon(cameras, settings, result);
    ratios.push_back(round.daemon_cores / round.bare_cores);
    result.rounds.push_back(round);
  }
  std::nth_element(ratios.begin(), ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2), ratios.end());
  result.ratio = ratios[ratios.size() / 2];
  return result;
}

int run_bare_decoder(const std::vector<std::string>& urls) {
  gst::init();
  std::vector<gst::ElementPtr> pipelines;
  for (const std::string& url : urls) {
    const std::string text = "rtspsrc protocols=tcp latency=0 location=\"" + url +
                             "\" ! rtph264depay ! h264parse ! avdec_h264 ! fakesink sync=false";
    GError* raw = nullptr;
    gst::ElementPtr pipeline(gst_parse_launch(text.c_str(), &raw));
    const gst::ErrorPtr error(raw);
    if (!pipeline || error) throw Error(Exit::fatal, "bench", "bare decoder", error ? error->message : "no pipeline");
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    pipelines.push_back(std::move(pipeline));
  }
  for (const auto& pipeline : pipelines) {
    if (gst_element_get_state(pipeline.get(), nullptr, nullptr, 30 * GST_SECOND) == GST_STATE_CHANGE_FAILURE) return 1;
    [[maybe_unused]] const auto written = write(STDOUT_FILENO, "up\n", 3);
  }
  system_clock().sleep_until({}, system_clock().now() + 1h);  // ends with its parent
  return 0;
}

}  // namespace lynceus::tools

#include "tools/bench/cpu_bench.h"

#include <gst/gst.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "base/clock.h"
#include "base/error.h"
#include "base/gst.h"
#include "tools/bench/metrics_page.h"
#include "tools/process/piped_child.h"
#include "tools/process/program.h"
#include "tools/process/workspace.h"

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartUp = 60s;
constexpr auto kSettles = 6s;  // health and gate have learned their backgrounds, nothing moves

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

/// CPU cores a process uses, between its making and cores().
class CpuUse {
 public:
  explicit CpuUse(const PipedChild& child)
      : child_(child), before_(child.cpu_seconds()), start_(system_clock().now()) {}
  double cores() const {
    const std::chrono::duration<double> passed = system_clock().now() - start_;
    return (child_.cpu_seconds() - before_) / passed.count();
  }

 private:
  const PipedChild& child_;
  const double before_;
  const MonoTime start_;
};

/// Bare decoding of all cameras, once every stream has come.
class BareDecoder {
 public:
  explicit BareDecoder(const Cameras& cameras) : child_(command(cameras)) {
    const auto deadline = system_clock().now() + kStartUp;
    for (std::size_t i = 0; i < cameras.urls.size(); ++i) {
      if (!child_.read_line(deadline)) throw Error(Exit::fatal, "bench", "bare decoder", "not every stream came");
    }
  }
  const PipedChild& process() const { return child_; }

 private:
  static std::vector<std::string> command(const Cameras& cameras) {
    std::vector<std::string> words{program_beside_us("lynceus"), "bench", "--bare"};
    for (const auto& [camera, url] : cameras.urls) words.push_back(url);
    return words;
  }

  PipedChild child_;
};

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

/// lynceusd with all cameras, once every one is up.
class Daemon {
 public:
  Daemon(const Cameras& cameras, const CpuBenchSettings& settings)
      : port_file_(workspace_.file("port")),
        child_({program_beside_us("lynceusd"), "--config", write_config(workspace_, cameras), "--port-file", port_file_,
                "--log-level", "warning"}),
        port_(wait_for_port(port_file_, child_)) {
    const auto deadline = system_clock().now() + kStartUp;
    while (MetricsPage::fetch(port_).sum("lynceus_camera_up") < settings.cameras) {
      if (system_clock().now() > deadline) throw Error(Exit::fatal, "bench", "lynceusd", "not every camera came up");
      wait_for(100ms);
    }
  }
  const PipedChild& process() const { return child_; }
  Flow flow() const { return read_flow(port_); }

 private:
  Workspace workspace_{"bench"};
  const std::string port_file_;
  PipedChild child_;
  const int port_;
};

/// Both at the same time: what else the machine does slows both alike.
CpuRound measure(const Cameras& cameras, const CpuBenchSettings& settings, CpuBenchResult& result) {
  const BareDecoder bare(cameras);
  const Daemon daemon(cameras, settings);
  wait_for(kSettles);
  const Flow before = daemon.flow();
  const CpuUse bare_use(bare.process()), daemon_use(daemon.process());
  wait_for(settings.seconds);
  const CpuRound round{bare_use.cores(), daemon_use.cores()};
  const Flow after = daemon.flow();
  result.received += after.received - before.received;
  result.analyzed += after.analyzed - before.analyzed;
  result.dropped += after.dropped - before.dropped;
  result.sent += static_cast<double>(settings.cameras * settings.fps) * static_cast<double>(settings.seconds.count());
  return round;
}

}  // namespace

CpuBenchResult run_cpu_bench(const CpuBenchSettings& settings) {
  CpuBenchResult result;
  Cameras cameras(settings);
  std::vector<double> ratios;
  for (int i = 0; i < settings.rounds; ++i) {
    const CpuRound round = measure(cameras, settings, result);
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

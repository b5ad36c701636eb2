// What analysing costs on top of what cannot be avoided: lynceusd with N cameras against bare decoding of the same
// streams, `rtspsrc ! depay ! parse ! avdec_h264 ! fakesink`, measured at the same time against one simulator.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace lynceus::tools {

struct CpuBenchSettings {
  int cameras = 8;
  int width = 1280, height = 720, fps = 25;
  std::chrono::seconds seconds{20};  ///< of each measurement
  int rounds = 3;                    ///< each with processes of its own
};

struct CpuRound {
  double bare_cores = 0, daemon_cores = 0;
};

struct CpuBenchResult {
  std::vector<CpuRound> rounds;
  double ratio = 0;                                          ///< median over the rounds
  double sent = 0, received = 0, analyzed = 0, dropped = 0;  ///< frames of the daemon's measured time
};

CpuBenchResult run_cpu_bench(const CpuBenchSettings& settings);

/// The other side of the comparison, run as a process of its own: decodes the URLs until it is ended.
int run_bare_decoder(const std::vector<std::string>& urls);

}  // namespace lynceus::tools

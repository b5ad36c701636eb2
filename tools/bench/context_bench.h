// What a frame costs the context plugin at five sizes: solved as a whole (the most it can cost) and as it usually runs, in
// windows around what moves; on one core and on two. Thread: any.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace lynceus::tools {

struct ContextBenchRow {
  cv::Size size;
  int threads = 1;
  double whole_ms = 0, windows_ms = 0;          ///< median of a frame, by the clock
  double whole_cpu_ms = 0, windows_cpu_ms = 0;  ///< … of all threads: what is left of it on a busy machine
};

struct ContextBenchResult {
  std::vector<ContextBenchRow> rows;
  double exponent = 0;  ///< of the whole picture's cost on one core: CPU time ~ pixels^exponent
};

/// `seconds` for each figure; `plugins`: folder of the plugins, empty where they usually are.
ContextBenchResult run_context_bench(double seconds, const std::string& plugins);

}  // namespace lynceus::tools

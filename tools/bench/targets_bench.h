// What a frame of 640×480 costs the targets plugin: the filter alone beside the same written with plain calls of OpenCV,
// the whole plugin with one and with ten targets, found by itself or pointed out. Thread: any.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

struct TargetsBenchResult {
  double filter4_ms = 0, plain4_ms = 0, filter8_ms = 0, plain8_ms = 0;  ///< median CPU time on one core
  double followed_ms = 0, one_ms = 0, ten_ms = 0;  ///< a frame of the whole plugin, mean of all but the slowest tenth
};

/// `network`: the plugin's option.
TargetsBenchResult run_targets_bench(const std::string& plugins, const std::string& network);
/// The command: `lynceus bench targets [--json] [--plugins DIR] [--network FILE]`.
int run_targets(std::span<const std::string> args);

}  // namespace lynceus::tools

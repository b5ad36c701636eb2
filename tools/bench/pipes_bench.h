// What a frame of 640×480 costs the pipes plugin, from radiometric data and from a scale bar's colours: on a camera whose
// pipe is known by now, and as a picture without a past. Thread: any.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

struct PipesBenchResult {
  double radiometric_ms = 0, palette_ms = 0;              ///< median CPU time on one core
  double radiometric_still_ms = 0, palette_still_ms = 0;  ///< likewise, each picture by itself
};

PipesBenchResult run_pipes_bench(const std::string& plugins);
/// The command: `lynceus bench pipes [--json] [--plugins DIR]`.
int run_pipes(std::span<const std::string> args);

}  // namespace lynceus::tools

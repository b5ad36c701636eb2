// `lynceus simulate`: cameras that are not there, on real RTSP (docs/ref/simulate.md).
//
//   lynceus simulate --camera lobby=scene:lobby,fps=10 --camera yard=clip:/videos/yard.mp4
//
// Thread: the program's main thread, before any other was started (it blocks SIGINT and SIGTERM and forks).
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

/// Arguments after the command's name; returns the exit code, throws Error for wrong usage.
int run_simulate(std::span<const std::string> args);

}  // namespace lynceus::tools

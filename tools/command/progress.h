// How far it is: frames, frames a second, and the time left, on stderr when that is a terminal; else nothing at all.
// Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace lynceus::tools {

/// "120 frames, 24.0 fps, 0:35 left"; `expected` 0: not known, no time left.
std::string progress_text(std::int64_t done, std::int64_t expected, double seconds);

class Progress {
 public:
  explicit Progress(std::int64_t expected);
  ~Progress();  ///< ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void step();
  /// Out of the way, before a line of another kind goes to stderr.
  void clear();

 private:
  const bool shown_;
  const std::int64_t expected_;
  const MonoTime began_;
  MonoTime drawn_{};
  std::int64_t done_ = 0;
};

}  // namespace lynceus::tools

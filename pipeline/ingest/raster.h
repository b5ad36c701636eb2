// Which frames are due when fewer are wanted than come: on a raster of 1/fps, half a frame early at most, so that 25 a
// second thinned to 10 gives 10 and not 8.3. Thread: bound to its owner.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace lynceus::ingest {

class Raster {
 public:
  /// 0 or less: every frame is due.
  explicit Raster(double fps)
      : period_(fps > 0 ? std::chrono::duration_cast<MonoTime::duration>(std::chrono::duration<double>(1 / fps))
                        : MonoTime::duration{0}) {}

  bool due(MonoTime now) {
    if (period_.count() <= 0) return true;
    if (next_ && now < *next_) return false;
    const MonoTime raster = next_.value_or(now) + period_;
    next_ = raster < now ? now + period_ / 2 : raster;
    return true;
  }

 private:
  const MonoTime::duration period_;
  std::optional<MonoTime> next_;
};

}  // namespace lynceus::ingest

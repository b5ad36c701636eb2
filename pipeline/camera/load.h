// Whether a frame can be afforded: analysis takes at most its share of the time between frames.
//
// Both the cost of a frame and the interval between frames are running averages, so one slow call (a network every two
// seconds) is paid for by the frames around it and skips nothing. Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace lynceus::camera {

class Load {
 public:
  explicit Load(int budget_percent);

  /// A frame came for work; `sequence` counts the dropped ones too.
  void arrived(MonoTime captured, std::uint64_t sequence);
  /// True: skip it, the last one has not been paid for yet.
  bool over_budget(MonoTime now) const;
  void worked(MonoTime began, MonoTime ended);

 private:
  const double budget_;
  double interval_s_ = 0, cost_s_ = 0;  // running averages; 0: not known yet
  std::optional<MonoTime> captured_, began_;
  std::uint64_t sequence_ = 0;
};

}  // namespace lynceus::camera

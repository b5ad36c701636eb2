// The faults a camera was told of at its start: which of them is due, once or again and again. Thread: bound to its
// owner.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "tools/simulate/spec.h"

namespace lynceus::tools {

class FaultPlan {
 public:
  explicit FaultPlan(std::vector<PlannedFault> faults) : faults_(std::move(faults)) {}

  void start(MonoTime now);
  /// When the next fault begins; nothing when none is left.
  std::optional<MonoTime> next() const;
  /// A fault whose time has come; its next time, if any, is then set.
  std::optional<PlannedFault> take_due(MonoTime now);

 private:
  std::vector<PlannedFault> faults_;
  std::vector<std::optional<MonoTime>> due_;
};

}  // namespace lynceus::tools

// When an analyzer's turn comes. Time is the frames' own, so that a test and `lynceus analyze` can run it at any pace.
// Thread: bound to its owner.
#pragma once

#include <optional>

#include "base/clock.h"
#include "pipeline/camera/camera_settings.h"

namespace lynceus::camera {

class Turn {
 public:
  explicit Turn(Cadence cadence) : cadence_(cadence) {}

  /// on_motion: also for two seconds after the motion, and every thirty so that conditions age.
  bool due(MonoTime now, bool motion);
  void called(MonoTime now);

  bool discontinuity = false;   ///< something broke off since the last call
  bool take_reference = false;  ///< somebody asked for it since the last call

 private:
  Cadence cadence_;
  std::optional<MonoTime> last_, moved_, next_;
};

}  // namespace lynceus::camera

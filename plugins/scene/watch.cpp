#include "plugins/scene/watch.h"

namespace lynceus::scene {

constexpr double kWellBelow = 2.0 / 3;
constexpr int kLeastLooks = 2;

void Watch::update(double share, double time_s) {
  share_ = share;
  const bool against = active_ ? share < kWellBelow * limit_ : share > limit_;
  if (!against) {
    against_since_s_.reset();
    against_ = 0;
    return;
  }
  if (!against_since_s_ || time_s < *against_since_s_) against_since_s_ = time_s;
  ++against_;
  if (against_ < kLeastLooks || time_s - *against_since_s_ < (active_ ? clear_after_s_ : after_s_)) return;
  active_ = !active_;
  against_since_s_.reset();
  against_ = 0;
}

}  // namespace lynceus::scene

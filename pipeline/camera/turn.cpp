#include "pipeline/camera/turn.h"

namespace lynceus::camera {

using namespace std::chrono_literals;

namespace {
constexpr auto kAfterMotion = 2s;
constexpr auto kAtLeastEvery = 30s;
}  // namespace

bool Turn::due(MonoTime now, bool motion) {
  if (motion) moved_ = now;
  if (!last_ || now < *last_ || take_reference) return true;
  switch (cadence_.mode) {
    case Cadence::Mode::every_frame:
      return true;
    case Cadence::Mode::on_motion:
      return (moved_ && now - *moved_ <= kAfterMotion) || now - *last_ >= kAtLeastEvery;
    case Cadence::Mode::period:
      return now >= *next_;
  }
  return true;
}

void Turn::called(MonoTime now) {
  last_ = now;
  if (cadence_.mode != Cadence::Mode::period) return;
  // On a grid of its own, so that a period of 2 s at 24 frames a second is 2 s in the long run.
  next_ = next_ && now >= *next_ && now - *next_ < cadence_.period ? *next_ + cadence_.period : now + cadence_.period;
}

}  // namespace lynceus::camera

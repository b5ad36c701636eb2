// How fast people move here, against people walking: learnt, since some run, and some recordings tell a wrong frame
// rate.
//
// Three quarters of what is seen is slower than the pace; it never falls below that of walking people.
// Thread: bound to its owner.
#pragma once

#include <algorithm>

namespace lynceus::people {

class Pace {
 public:
  /// 1: walking.
  explicit Pace(double first) : fast_(first * kWalking) {}

  /// The speed of somebody well known, m/s.
  void saw(double speed) {
    constexpr double step = 0.02, share = 0.75;
    fast_ *= 1 + step * (speed > fast_ ? share : share - 1);
    fast_ = std::clamp(fast_, kWalking / 2, kWalking * kMost);
  }
  double value() const { return std::clamp(fast_ / kWalking, 1.0, kMost); }
  /// Against how long people are remembered: where all goes faster, time passes faster.
  double haste() const { return std::max(1.0, value() / kUnhurried); }

 private:
  static constexpr double kWalking = 1.5, kMost = 5, kUnhurried = 1.5;
  double fast_;  // m/s
};

}  // namespace lynceus::people

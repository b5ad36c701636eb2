// UUID version 7 (RFC 9562): milliseconds, then randomness; those of one maker grow, whatever the wall clock does.
// Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "base/clock.h"

namespace lynceus::daemon {

class Uuid7 {
 public:
  Uuid7();
  std::string next(WallTime now);

 private:
  std::mt19937_64 random_;
  std::uint64_t last_ = 0;  ///< milliseconds and a counter of 12 bits
};

}  // namespace lynceus::daemon

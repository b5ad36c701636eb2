// Decides which access unit a client gets next: the clip round and round, bent by the faults of the moment.
//
// Pure but for its random numbers (seeded); the pacing thread gives it the effects and sends what it answers. After
// anything that leaves a decoder without its references it goes on at an intra picture. Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "tools/simulate/channel.h"
#include "tools/simulate/clip.h"
#include "tools/simulate/fault.h"

namespace lynceus::tools {

struct Shot {
  ClipPtr clip;
  std::size_t unit = 0;
  bool silent = false;        ///< nothing is sent in this slot
  bool spoiled = false;       ///< its payload is to be overwritten
  std::int64_t lasts_ns = 0;  ///< until the next slot
};

class Player {
 public:
  /// `position`: pictures since the camera began.
  Player(const Channel& channel, std::uint64_t position) : channel_(channel), position_(position) {}
  Shot next(const Effects& effects);

 private:
  void follow(const Effects& effects);

  const Channel& channel_;
  std::uint64_t position_;  ///< slots of the camera's life; the place in the clip follows from it
  ClipPtr clip_;
  Variant variant_ = Variant::plain;
  std::size_t unit_ = 0;
  bool frozen_ = false;
  bool broken_ = true;  ///< the next unit sent must be one a decoder can begin at
};

/// A coded picture with random bytes behind its headers: start codes and NAL headers stay, so that it is still sent.
std::vector<std::byte> spoil(std::span<const std::byte> unit, Codec codec, std::mt19937_64& random);

}  // namespace lynceus::tools

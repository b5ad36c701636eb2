// What the players of one camera share: its clips, its faults and its counters.
//
// Written by the camera's control loop, read by a player thread per client. Thread: any member from any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#include "base/clock.h"
#include "tools/simulate/clip.h"
#include "tools/simulate/fault.h"

namespace lynceus::tools {

class Channel {
 public:
  explicit Channel(ClipPtr plain);

  /// The clip of this variant; the plain one while it is not prepared.
  ClipPtr clip(Variant variant) const;
  bool has(Variant variant) const;
  void put(Variant variant, ClipPtr clip);

  void begin(const Fault& fault, MonoTime until);
  void end_all();
  Effects effects(MonoTime now) const;
  std::optional<MonoTime> next_end(MonoTime now) const;

  /// Pictures of the camera's life so far: where a client that comes now begins.
  std::uint64_t position(MonoTime now) const;

  std::atomic<std::uint64_t> sent{0};     ///< access units handed to clients
  std::atomic<std::uint64_t> clients{0};  ///< players just now
  std::atomic<std::uint64_t> served{0};   ///< players ever

 private:
  const MonoTime born_;
  mutable std::mutex mutex_;
  std::array<ClipPtr, 6> clips_;  // guarded by mutex_
  FaultBook faults_;              // guarded by mutex_
};

}  // namespace lynceus::tools

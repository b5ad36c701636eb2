// What can go wrong with a simulated camera, and which of it does at a given moment.
//
// A pure book: it is told when faults begin and end and answers what they mean for the stream. Thread: bound to its
// owner (Channel guards the one the player threads read).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace lynceus::tools {

enum class FaultKind {
  drop,        ///< connections cut, port closed
  stall,       ///< connected, nothing sent
  freeze,      ///< the same intra picture over and over
  black,       ///< a black picture
  garbage,     ///< random bytes in coded pictures and RTP payloads
  resolution,  ///< another picture size mid-stream, parameter sets in-band
  codec,       ///< comes back as another codec
  auth,        ///< credentials nobody knows are required
  loss,        ///< RTP packets lost, value = percent
  slow,        ///< half the frame rate
  cover,       ///< a near-uniform dark texture
  move,        ///< the picture shifted
  crash,       ///< the camera's process ends at once and is restarted
};

std::optional<FaultKind> fault_from(std::string_view name);
const char* fault_name(FaultKind kind);
std::string fault_names();  ///< "drop, stall, …" for messages

/// Which clip is played.
enum class Variant { plain, black, resolution, codec, cover, move };
Variant variant_of(FaultKind kind);

/// `NAME[:VALUE]`, checked; throws Error (Exit::usage).
struct Fault {
  FaultKind kind = FaultKind::stall;
  double value = 0;  ///< loss: percent
};
Fault parse_fault(std::string_view text);

/// What all active faults together do to the stream.
struct Effects {
  bool closed = false, locked = false, stall = false, freeze = false, garbage = false, slow = false;
  double loss_percent = 0;
  Variant variant = Variant::plain;
  bool operator==(const Effects&) const = default;
};

class FaultBook {
 public:
  /// A second one of the same kind replaces the first.
  void begin(const Fault& fault, MonoTime until);
  void end_all() { active_.clear(); }
  Effects at(MonoTime now) const;
  /// When the next active fault ends; nothing when none is active.
  std::optional<MonoTime> next_end(MonoTime now) const;

 private:
  struct Active {
    Fault fault;
    MonoTime until;
  };
  std::vector<Active> active_;
};

}  // namespace lynceus::tools

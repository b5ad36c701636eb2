// One key's way through pending, raised and cleared, with what the engine must remember between.
//
//        active            on_delay, armed                  inactive for off_delay (damped: flap_window)
//   idle ──────► pending ──────────────────► raised ───────────────────────────────────────────────────► idle
//     ▲             │ inactive                  ▲ │ active again
//     └─────────────┘                           └─┘
//
// Owner: AlarmEngine. Thread: its owner's.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "daemon/alarms/alarm.h"

namespace lynceus::daemon {

/// Both clocks at one moment: monotonic time measures, wall time is shown and kept.
struct Moment {
  MonoTime mono{};
  WallTime wall{};
};

struct SourceName {
  std::string camera, plugin;
  auto operator<=>(const SourceName&) const = default;
};

struct Life {
  enum class Phase { idle, pending, raised };

  SourceName source;
  std::string key;
  Phase phase = Phase::idle;
  Alarm alarm;  ///< of the present round; meaningless while idle

  bool reported = false;               ///< its condition is so
  bool unknown = false;                ///< raised before the start, nobody has spoken of it yet
  bool above = true;                   ///< on which side of its limit the value is too far
  std::optional<MonoTime> held_until;  ///< an event is an alarm until then
  MonoTime active_since{}, captured{};
  std::optional<MonoTime> inactive_since;
  bool damped = false;
  std::deque<MonoTime> raises;  ///< within the flap window
  std::vector<std::string> told;
  std::optional<MonoTime> due;  ///< when time alone changes something

  bool active(MonoTime now) const { return reported || (held_until && *held_until > now); }
};

}  // namespace lynceus::daemon

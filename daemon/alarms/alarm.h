// An alarm: a condition with a life, as people, sinks and the database see it (docs/ref/http.md has the JSON).
//
// pending → raised → cleared; acknowledged and shelved are attributes with a time and a name. Each change that is told
// to anybody raises `revision` by one. Thread: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "plugins/sdk/observations.h"

namespace lynceus::daemon {

/// The plugin name of conditions of the daemon itself: transport states, storage, deliveries.
inline constexpr const char* kDaemonPlugin = "lynceus";

struct Alarm {
  enum class State { pending, raised, cleared };

  std::string id;  ///< UUIDv7
  std::int64_t revision = 0;
  std::string site;
  std::string camera;  ///< empty: the site itself
  std::string plugin, kind, key, zone;
  sdk::Severity severity = sdk::Severity::warning;
  State state = State::pending;
  bool active = false;
  std::string summary;
  std::optional<double> value, limit;
  std::string unit;
  WallTime raised_at{};
  std::optional<WallTime> acknowledged_at, cleared_at, shelved_until, clip_from;
  std::string acknowledged_by;
  std::string clear_reason;  ///< empty while raised; else condition, source_lost, disabled, removed or operator
  std::int64_t count = 1;    ///< how often it was so: events while it was held, raises while it was damped
  bool durable = true;       ///< false: told before it could be written
  bool snapshot = false, clip = false;
};

struct AlarmChange {
  enum class Type { raised, acknowledged, updated, cleared };
  Type type = Type::raised;
  Alarm alarm;
  WallTime at{};
  MonoTime captured{};  ///< of the frame that raised it; zero where there is none
};

const char* name(Alarm::State state);
const char* name(AlarmChange::Type type);  ///< raised, acknowledged, updated, cleared

/// `data` of a delivery and element of the API's lists. Valid UTF-8, no NaN.
std::string to_json(const Alarm& alarm);

}  // namespace lynceus::daemon

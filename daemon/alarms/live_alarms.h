// What everybody may see of alarms without asking the desk's thread: pending and raised ones, and those that could not
// be written yet. Alarms are immutable once shown. Owner: AlarmDesk. Thread: any.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alarms/alarm_desk.h"
#include "daemon/alarms/alarm_reader.h"

namespace lynceus::daemon {

class LiveAlarms {
 public:
  using Shown = std::shared_ptr<const Alarm>;
  using Map = std::map<std::string, Shown>;  ///< by id

  struct Update {
    Map shown;                           ///< came or changed; null: neither pending nor raised any more
    Map unwritten;                       ///< came or changed, and could not be written
    std::vector<std::string> forgotten;  ///< too many could not be written
    bool all_written = false;            ///< nothing of before is unwritten any more
    std::optional<WallTime> site_shelved_until;
  };
  void update(const Update& update);

  std::vector<Alarm> raised() const;
  Shown find(const std::string& id) const;
  std::optional<WallTime> site_shelved_until() const;

  /// A page of what is stored and what is not yet.
  AlarmDesk::Page list(const AlarmDesk::Query& query, AlarmReader& reader) const;

 private:
  std::vector<Shown> above(const AlarmDesk::Query& query, Map& live) const;

  mutable std::mutex mutex_;
  Map live_, unwritten_;                        // guarded by mutex_
  std::optional<WallTime> site_shelved_until_;  // guarded by mutex_
};

}  // namespace lynceus::daemon

// alarms.db as its one writer sees it: opened, brought to the newest shape, written in one transaction a batch.
//
// WAL, synchronous=FULL: what write() returned from is there after a power loss. Owner and thread: the desk's thread
// (constructed before it runs).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alarms/batch.h"
#include "daemon/store/sqlite.h"

namespace lynceus::daemon {

class AlarmStore {
 public:
  /// Throws DatabaseError for a file that is damaged, newer, or cannot be opened.
  AlarmStore(const std::string& file, const char* vfs);

  void write(const Batch& batch);  ///< all or nothing; throws DatabaseError

  std::vector<Kept> raised();
  std::vector<Shelf> shelves();
  std::optional<Kept> kept(const std::string& id);
  std::int64_t last_row();  ///< ever used

  struct Limits {
    WallTime alarms_before;  ///< cleared before: forgotten
    std::int64_t alarms = 0;
    WallTime rows_before;  ///< owed since before: collapsed to the latest change of their alarm
    std::int64_t rows = 0;
    std::vector<std::string> sinks{};  ///< what is owed to others since before rows_before is forgotten
  };
  struct Tidied {
    std::int64_t alarms = 0, rows = 0;
  };
  /// Bounded work; call again while it finds something.
  Tidied tidy(const Limits& limits);

 private:
  void put_alarms(const Batch& batch);
  void put_rows(const Batch& batch);
  void put_shelves(const Batch& batch);
  std::int64_t count(const std::string& sql);
  std::int64_t forget_alarms(const Limits& limits);
  std::int64_t collapse_rows(const Limits& limits);

  Database db_;
};

/// Column order of every SELECT that makes an Owed: kOwedColumns.
inline constexpr const char* kOwedColumns =
    "row, sink, type, at, since, state, attempts, last_error, next_attempt, body";
std::optional<Owed> owed_of(const Statement& row);

}  // namespace lynceus::daemon

// What is owed to the disk: the newest of each alarm, row and shelf. While the database refuses writes it is also what
// readers see of them. Owner: the desk's thread. Thread: bound to it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/alarms/engine.h"
#include "daemon/alarms/outbox.h"

namespace lynceus::daemon {

/// What a sink reported of a row it keeps.
struct RowChange {
  Owed::State state = Owed::State::pending;
  int attempts = 0;
  std::string last_error;
  std::optional<WallTime> next_attempt;
  bool moved = false;  ///< to another state than the stored one
};

void apply(const RowChange& change, Owed& row);

struct Batch {
  std::map<std::string, Kept> alarms;  ///< by id
  std::map<std::int64_t, Owed> rows;   ///< not written yet
  std::map<std::int64_t, RowChange> changed;
  std::set<std::int64_t> gone;
  std::map<std::tuple<std::string, std::string, std::string>, Shelf> shelves;

  bool empty() const { return alarms.empty() && rows.empty() && changed.empty() && gone.empty() && shelves.empty(); }
  void change(std::int64_t row, const RowChange& what);
  void deliver(std::int64_t row);
  /// Beyond so many rows only the latest of each alarm and sink stay; how many went.
  std::size_t collapse(std::int64_t most);
  /// Beyond so many alarms the oldest that are over go; which.
  std::vector<std::string> forget(std::size_t most);
};

}  // namespace lynceus::daemon

// alarms.db as those who ask see it: a connection that only reads, so that nobody waits for the desk's thread.
// Owner: AlarmDesk. Thread: any; one question at a time.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alarms/alarm_desk.h"
#include "daemon/alarms/outbox.h"
#include "daemon/store/sqlite.h"

namespace lynceus::daemon {

/// Where a page of alarms ended; text is RAISED_AT_MS.ID.
struct AlarmCursor {
  std::int64_t raised_at = 0;
  std::string id;
  auto operator<=>(const AlarmCursor&) const = default;
};
std::string text(const AlarmCursor& cursor);
AlarmCursor parse_cursor(const std::string& text);  ///< throws std::invalid_argument
AlarmCursor place_of(const Alarm& alarm);
bool matches(const AlarmDesk::Query& query, const Alarm& alarm);

class AlarmReader {
 public:
  AlarmReader(const std::string& file, const char* vfs) : db_(file, Database::Mode::read_only, vfs) {}

  std::optional<Alarm> find(const std::string& id);
  /// Newest first, from the query's cursor on, until `take` says false.
  void walk(const AlarmDesk::Query& query, const std::function<bool(Alarm)>& take);

  /// Rows after `after` in order until `take` says false; an empty sink: all, an empty alarm: all.
  struct RowQuery {
    std::string sink, alarm;
    std::optional<Owed::State> state;
    std::int64_t after = 0;
  };
  void walk_rows(const RowQuery& query, const std::function<bool(Owed)>& take);
  std::optional<Owed> row(std::int64_t number);
  Outbox::Backlog backlog(const std::string& sink);

 private:
  std::mutex mutex_;
  Database db_;  // guarded by mutex_
};

}  // namespace lynceus::daemon

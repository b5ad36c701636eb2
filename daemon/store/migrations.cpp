#include "daemon/store/migrations.h"

#include <array>
#include <span>
#include <string>

namespace lynceus::daemon {
namespace {

// Never change a line that was released; add one.

constexpr std::array kState{
    "CREATE TABLE blob (camera TEXT NOT NULL, plugin TEXT NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL,"
    " PRIMARY KEY (camera, plugin, name))",
};

/// `body` is the truth of an alarm, the columns beside it are there to be searched. Times in ms since 1970.
constexpr std::array kAlarms{
    "CREATE TABLE alarm (id TEXT PRIMARY KEY, raised_at INTEGER NOT NULL, cleared_at INTEGER, state INTEGER NOT NULL,"
    " severity INTEGER NOT NULL, camera TEXT NOT NULL, told TEXT NOT NULL, held_until INTEGER, body TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX alarm_by_time ON alarm (raised_at, id);"
    "CREATE INDEX alarm_by_camera ON alarm (camera, raised_at, id);"
    "CREATE INDEX alarm_by_state ON alarm (state, raised_at, id);"
    // AUTOINCREMENT: a row's number is never used twice.
    "CREATE TABLE outbox (row INTEGER PRIMARY KEY AUTOINCREMENT, sink TEXT NOT NULL, alarm TEXT NOT NULL,"
    " type INTEGER NOT NULL, at INTEGER NOT NULL, since INTEGER NOT NULL, state INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, last_error TEXT NOT NULL, next_attempt INTEGER, body TEXT NOT NULL);"
    "CREATE INDEX outbox_by_sink ON outbox (sink, state, row);"
    "CREATE INDEX outbox_by_alarm ON outbox (alarm, sink, row);"
    "CREATE TABLE shelf (camera TEXT NOT NULL, plugin TEXT NOT NULL, key TEXT NOT NULL, until INTEGER NOT NULL,"
    " PRIMARY KEY (camera, plugin, key)) WITHOUT ROWID",
};

std::span<const char* const> steps_of(Schema schema) {
  return schema == Schema::state ? std::span<const char* const>(kState) : std::span<const char* const>(kAlarms);
}

}  // namespace

void migrate(Database& db, Schema schema) {
  const auto steps = steps_of(schema);
  db.run("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)");
  std::int64_t have = 0;
  {
    Statement newest(db, "SELECT coalesce(max(version), 0) FROM migrations");
    if (newest.step()) have = newest.number(0);
  }
  const auto last = static_cast<std::int64_t>(steps.size());
  if (have > last) {
    throw DatabaseError(SQLITE_ERROR, "written by a newer version of the daemon (schema " + std::to_string(have) +
                                          ", known up to " + std::to_string(last) + ")");
  }
  for (std::int64_t version = have + 1; version <= last; ++version) {
    Transaction transaction(db);
    db.run(steps[static_cast<std::size_t>(version - 1)]);
    Statement row(db, "INSERT INTO migrations VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
    row.bind(1, version).run();
    transaction.commit();
  }
}

}  // namespace lynceus::daemon

#include "daemon/store/migrations.h"

#include <array>
#include <string>

namespace lynceus::daemon {
namespace {

/// Never change a line that was released; add one.
constexpr std::array kMigrations{
    "CREATE TABLE blob (camera TEXT NOT NULL, plugin TEXT NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL,"
    " PRIMARY KEY (camera, plugin, name))",
};

}  // namespace

void migrate(Database& db) {
  db.run("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)");
  std::int64_t have = 0;
  {
    Statement newest(db, "SELECT coalesce(max(version), 0) FROM migrations");
    if (newest.step()) have = newest.number(0);
  }
  const auto last = static_cast<std::int64_t>(kMigrations.size());
  if (have > last) {
    throw DatabaseError(SQLITE_ERROR, "written by a newer version of the daemon (schema " + std::to_string(have) +
                                          ", known up to " + std::to_string(last) + ")");
  }
  for (std::int64_t version = have + 1; version <= last; ++version) {
    Transaction transaction(db);
    db.run(kMigrations[static_cast<std::size_t>(version - 1)]);
    Statement row(db, "INSERT INTO migrations VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
    row.bind(1, version).run();
    transaction.commit();
  }
}

}  // namespace lynceus::daemon

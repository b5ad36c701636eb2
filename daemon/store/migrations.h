// The shape of state.db and alarms.db, step by step: each migration runs once, in order, in one transaction with its own row.
// Thread: the connection's owner.
#pragma once

#include "daemon/store/sqlite.h"

namespace lynceus::daemon {

enum class Schema { state, alarms };

/// Brings the database to the newest version of its schema. Throws DatabaseError; a database of a newer program is refused.
void migrate(Database& db, Schema schema);

}  // namespace lynceus::daemon

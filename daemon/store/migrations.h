// The shape of state.db, step by step: each migration runs once, in order, in one transaction with its own row.
// Thread: the connection's owner.
#pragma once

#include "daemon/store/sqlite.h"

namespace lynceus::daemon {

/// Brings the database to the newest version. Throws DatabaseError; a database of a newer program is refused.
void migrate(Database& db);

}  // namespace lynceus::daemon

// Routes of alarms, their evidence, and deliveries. Thread: as Api.
#pragma once

#include "daemon/alarms/outbox.h"
#include "daemon/api/alarm_book.h"
#include "daemon/api/router.h"
#include "daemon/evidence/evidence_files.h"

namespace lynceus::daemon::http {

/// Null where the daemon has none: those routes answer 503.
struct AlarmParts {
  AlarmBook* book = nullptr;
  const EvidenceFiles* evidence = nullptr;
  Outbox* outbox = nullptr;
};

void add_alarm_routes(Router& router, AlarmParts parts);
void add_delivery_routes(Router& router, Outbox* outbox);

}  // namespace lynceus::daemon::http

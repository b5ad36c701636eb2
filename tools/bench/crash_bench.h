// Whether a daemon that is killed again and again loses an alarm: raises at a rate, kill -9 at random moments, a
// receiver that refuses half, and a count of what came in the end.
//
// What was raised is what the daemon itself lists afterwards, and whatever its API had shown as durable before a kill.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lynceus::tools {

struct CrashBenchSettings {
  int kills = 100;
  double rate = 20;    ///< alarms a second
  int port = 0;        ///< of the API; 0: any
  std::string sink;    ///< a receiver of somebody else; empty: our own
  std::string secret;  ///< signs; empty: one of our own
};

struct CrashBenchResult {
  std::int64_t raised = 0, delivered = 0, lost = 0;  ///< alarms
  std::int64_t changes = 0;                          ///< that were owed: raises, clears
  std::optional<std::int64_t> repeated, disordered;  ///< deliveries; only our own receiver can tell
  std::optional<std::int64_t> refused, forged;       ///< likewise
};

CrashBenchResult run_crash_bench(const CrashBenchSettings& settings);

}  // namespace lynceus::tools

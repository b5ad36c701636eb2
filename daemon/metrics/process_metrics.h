// What the process costs, read from /proc at each scrape. Thread: any.
#pragma once

#include <cstdint>

namespace lynceus::daemon {

struct ProcessUse {
  double cpu_seconds = 0, start_time_seconds = 0;
  double resident_bytes = 0, virtual_bytes = 0;
  double heap_in_use_bytes = 0;  ///< allocated and not freed; 0 where the C library does not tell
  double open_fds = 0, max_fds = 0, threads = 0;
};

/// Zeros where /proc tells nothing.
ProcessUse process_use();

}  // namespace lynceus::daemon

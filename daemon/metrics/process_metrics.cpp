#include "daemon/metrics/process_metrics.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

namespace lynceus::daemon {
namespace {

double boot_time() {
  std::ifstream stat("/proc/stat");
  for (std::string line; std::getline(stat, line);) {
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  }
  return 0;
}

/// Fields 20 to 24 of /proc/self/stat; counted after the name, which may hold blanks.
void read_stat(ProcessUse& use) {
  std::ifstream file("/proc/self/stat");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto name_ends = text.rfind(')');
  if (name_ends == std::string::npos) return;
  std::istringstream rest(text.substr(name_ends + 1));
  std::string skipped;
  for (int field = 3; field < 20; ++field) rest >> skipped;
  double ticks = 0, interval = 0, pages = 0;
  rest >> use.threads >> interval >> ticks >> use.virtual_bytes >> pages;
  use.resident_bytes = pages * static_cast<double>(sysconf(_SC_PAGESIZE));
  static const double booted = boot_time();
  use.start_time_seconds = booted + ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// All arenas, and the blocks that are mapped one by one.
double heap_in_use() {
#ifdef __GLIBC__
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
#else
  return 0;
#endif
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ProcessUse process_use() {
  ProcessUse use;
  read_stat(use);
  use.heap_in_use_bytes = heap_in_use();
  rusage spent{};
  if (getrusage(RUSAGE_SELF, &spent) == 0) use.cpu_seconds = seconds(spent.ru_utime) + seconds(spent.ru_stime);
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) use.max_fds = static_cast<double>(limit.rlim_cur);
  std::error_code error;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end; at.increment(error)) {
    ++use.open_fds;
  }
  return use;
}

}  // namespace lynceus::daemon

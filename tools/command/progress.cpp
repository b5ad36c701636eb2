#include "tools/command/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace lynceus::tools {
namespace {
constexpr auto kEvery = std::chrono::milliseconds{200};
}

std::string progress_text(std::int64_t done, std::int64_t expected, double seconds) {
  const double rate = double(done) / std::max(seconds, 1e-3);
  char text[128];
  int length = std::snprintf(text, sizeof text, "%lld frames, %.1f fps", static_cast<long long>(done), rate);
  if (expected > done && rate > 0) {
    const auto left = static_cast<long long>(double(expected - done) / rate + 0.5);
    std::snprintf(text + length, sizeof text - std::size_t(length), ", %lld:%02lld left", left / 60, left % 60);
  }
  return text;
}

Progress::Progress(std::int64_t expected)
    : shown_(isatty(STDERR_FILENO) == 1), expected_(expected), began_(system_clock().now()) {}

Progress::~Progress() { clear(); }

void Progress::step() {
  ++done_;
  if (!shown_) return;
  const MonoTime now = system_clock().now();
  if (now - drawn_ < kEvery) return;
  drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - began_).count();
  std::fprintf(stderr, "\r%s\033[K", progress_text(done_, expected_, seconds).c_str());
}

void Progress::clear() {
  if (shown_ && drawn_ != MonoTime{}) std::fprintf(stderr, "\r\033[K");
}

}  // namespace lynceus::tools

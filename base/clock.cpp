#include "base/clock.h"

#include <cstdio>
#include <ctime>

namespace lynceus {
namespace {

class SystemClock final : public Clock {
 public:
  MonoTime now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override { return std::chrono::system_clock::now(); }
  bool wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed, std::stop_token stop,
                  MonoTime deadline, const std::function<bool()>& ready) override {
    return changed.wait_until(lock, stop, deadline, ready);
  }
};

}  // namespace

bool Clock::sleep_until(std::stop_token stop, MonoTime deadline) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  wait_until(lock, never, stop, deadline, [] { return false; });
  return !stop.stop_requested();
}

Clock& system_clock() {
  static SystemClock& clock = *new SystemClock;  // never destroyed: a thread left behind may ask while the process ends
  return clock;
}

std::string rfc3339(WallTime time) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  if (ms % 1000 < 0) --seconds;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900, utc.tm_mon + 1,
                utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, static_cast<int>(((ms % 1000) + 1000) % 1000));
  return text;
}

}  // namespace lynceus

#include "daemon/app/deadline.h"

#include <unistd.h>

#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace lynceus::daemon {

Deadline::Deadline(std::chrono::milliseconds within, std::function<void()> last_words, int status)
    : within_(within), last_words_(std::move(last_words)), status_(status) {}

void Deadline::arm() {
  std::call_once(armed_, [this] { thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); }); });
}

void Deadline::run(std::stop_token stop) {
  Clock& clock = system_clock();  // real time whatever the rest of the daemon counts in
  if (!clock.sleep_until(std::move(stop), clock.now() + within_)) return;
  log::warning("app", "the end takes too long; leaving now");
  last_words_();
  _exit(status_);
}

}  // namespace lynceus::daemon

#include "daemon/app/start_list.h"

#include <utility>

#include "base/log.h"

namespace lynceus::daemon {

void StartList::step(const std::string& name, const Action& start, Action end) {
  log::debug("app", "start", {{"step", name}});
  start();
  done_.push_back({name, std::move(end)});
}

void StartList::unwind() {
  while (!done_.empty()) {
    const Step step = std::move(done_.back());
    done_.pop_back();
    log::debug("app", "end", {{"step", step.name}});
    step.end();
  }
}

}  // namespace lynceus::daemon

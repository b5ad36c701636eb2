#include "pipeline/infer/chooser.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <utility>

#include "base/log.h"
#include "pipeline/infer/trial.h"

namespace lynceus::infer {
namespace {

using std::chrono::seconds;

constexpr seconds kFirstRetry{5}, kLongestRetry{600};

void write_table(const std::string& model, const Trial& trial) {
  for (const TrialRow& row : trial.rows) {
    const double each = row.seconds > 0 ? row.batch / row.seconds : 0;
    log::info("infer", row.refused.empty() ? "measured" : "measured, not used",
              {{"model", model},
               {"engine", row.engine},
               {"backend", row.backend},
               {"batch", row.batch},
               {"ms", row.seconds * 1000},
               {"frames_per_s", each},
               {"difference", row.difference},
               {"reason", row.refused}});
  }
}

}  // namespace

Chooser::Chooser(const ModelLoader& loader, Clock& clock) : loader_(loader), clock_(clock) {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Chooser::loaded(const ModelPtr& model, std::shared_ptr<Growth> growth) {
  std::lock_guard lock(mutex_);
  model->growth = std::move(growth);
  put(model, clock_.now());
}

void Chooser::recorded(const ModelPtr& model) {
  std::lock_guard lock(mutex_);
  const bool starved = std::exchange(model->starved, false);
  if (starved || loader_.wanted() == Backend::automatic) put(model, clock_.now());
}

void Chooser::lost(const ModelPtr& model) {
  const MonoTime now = clock_.now();
  std::lock_guard lock(mutex_);
  const bool held = model->held_since != MonoTime{} && now - model->held_since > kLongestRetry;
  model->growth = nullptr;  // its set is gone
  model->delay = model->delay.count() == 0 || held ? kFirstRetry : std::min(model->delay * 2, kLongestRetry);
  put(model, now + model->delay);
}

void Chooser::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

/// With the mutex held.
void Chooser::put(const ModelPtr& model, MonoTime due) {
  std::erase_if(jobs_, [&](const Job& job) { return job.model == model; });
  jobs_.push_back({model, due});
  changed_.notify_all();
}

void Chooser::run(std::stop_token stop) {
  while (const ModelPtr model = next(stop)) {
    try {
      if (!grow(model, stop)) choose(model, stop);
    } catch (const std::exception& error) {
      log::warning("infer", "back ends could not be compared", {{"model", model->file.path}, {"reason", error.what()}});
      lost(model);
    }
  }
}

/// Waits for a job that is due; null: stopped.
Chooser::ModelPtr Chooser::next(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto first =
        std::min_element(jobs_.begin(), jobs_.end(), [](const Job& a, const Job& b) { return a.due < b.due; });
    if (first == jobs_.end()) {
      changed_.wait(lock, stop, [&] { return !jobs_.empty(); });
    } else if (first->due > clock_.now()) {
      // A job that is due earlier than this one ends the wait, too.
      const MonoTime due = first->due;
      clock_.wait_until(lock, changed_, stop, due, [&] {
        return std::any_of(jobs_.begin(), jobs_.end(), [&](const Job& job) { return job.due < due; });
      });
    } else {
      ModelPtr model = first->model;
      jobs_.erase(first);
      return model;
    }
  }
  return nullptr;
}

/// Nothing to try with: recorded() puts it in again. It may have come just now.
void Chooser::starve(const ModelPtr& model, const Executor& executor) {
  std::lock_guard lock(mutex_);
  model->starved = executor.recorded().empty();
  if (!model->starved) put(model, clock_.now());
}

/// False: that was not what was due.
bool Chooser::grow(const ModelPtr& model, std::stop_token stop) {
  std::shared_ptr<Growth> growth;
  {
    std::lock_guard lock(mutex_);
    growth = std::exchange(model->growth, nullptr);
  }
  if (!growth) return false;
  loader_.grow(*growth, [&](SizedNet net) {
    const auto executor = model->executor.lock();
    return executor && !stop.stop_requested() && executor->add(growth->set, std::move(net));
  });
  return true;
}

void Chooser::choose(const ModelPtr& model, std::stop_token stop) {
  const auto executor = model->executor.lock();
  if (!executor) return;
  const Tensors input = executor->recorded();
  if (input.empty()) return starve(model, *executor);
  Trial trial = try_back_ends(loader_, model->file, input, clock_, stop);
  if (stop.stop_requested()) return;
  const std::string shown = std::filesystem::path(model->file.path).filename().string();
  write_table(shown, trial);
  executor->tell(trial.rows);
  if (trial.best) {
    log::info("infer", "back end chosen",
              {{"model", shown}, {"engine", trial.best->engine}, {"backend", name(trial.best->backend)}});
    {
      std::lock_guard lock(mutex_);
      model->held_since = clock_.now();
    }
    executor->adopt(std::move(trial.best));
  } else if (trial.failed) {
    lost(model);
  } else if (loader_.wanted() == Backend::automatic) {
    executor->stay_home();
  }
}

}  // namespace lynceus::infer

#include "pipeline/infer/model_runner.h"

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "pipeline/infer/chooser.h"
#include "pipeline/infer/executor.h"
#include "pipeline/infer/model_loader.h"

namespace lynceus::infer {
namespace {

/// The same file under two names is one model.
std::string canonical(const std::string& path) {
  std::error_code failed;
  const auto whole = std::filesystem::weakly_canonical(path, failed);
  return failed || path.empty() ? path : whole.string();
}

void log_loaded(const sdk::ModelFile& file, const LoadedModel& model) {
  const NetSet& set = model.device ? *model.device : model.home;
  log::info(
      "infer", "model loaded",
      {{"model", file.path}, {"engine", set.engine}, {"backend", name(set.backend)}, {"batch", set.sizes().back()}});
}

}  // namespace

struct ModelRunner::Impl {
  Impl(InferSettings s, std::vector<std::unique_ptr<Engine>> engines, Clock& c)
      : settings(s),
        loader(std::move(engines), s.backend, s.memory_bytes),
        clock(c),
        chooser(loader.candidates().empty() ? nullptr : std::make_unique<Chooser>(loader, c)) {}

  using ExecutorPtr = std::shared_ptr<Executor>;

  ExecutorPtr at(sdk::Inference::Model model) const {
    std::shared_lock lock(mutex);
    if (model < 0 || static_cast<std::size_t>(model) >= models.size()) throw std::runtime_error("no such model");
    return models[static_cast<std::size_t>(model)].executor;
  }

  std::optional<sdk::Inference::Model> find(const std::string& key) const {
    std::shared_lock lock(mutex);
    for (std::size_t i = 0; i < models.size(); ++i) {
      if (models[i].key == key) return static_cast<sdk::Inference::Model>(i);
    }
    return std::nullopt;
  }

  std::vector<ExecutorPtr> all() const {
    std::shared_lock lock(mutex);
    std::vector<ExecutorPtr> executors;
    for (const Entry& entry : models) executors.push_back(entry.executor);
    return executors;
  }

  RunObserver current_observer() const {
    std::shared_lock lock(mutex);
    return observer;
  }

  /// Calls whoever observes now, not at load.
  Executor::Hooks hooks(const Chooser::ModelPtr& model) const {
    Executor::Hooks hooks;
    hooks.load = [this, model] {
      LoadedModel loaded = loader.load(model->file);
      log_loaded(model->file, loaded);
      if (chooser && loaded.growth) chooser->loaded(model, loaded.growth);
      return loaded;
    };
    hooks.observe = [this](const std::string& name, int batch, double seconds) {
      if (const RunObserver told = current_observer()) told(name, batch, seconds);
    };
    if (!chooser) return hooks;
    hooks.recorded = [this, model] { chooser->recorded(model); };
    hooks.lost = [this, model] { chooser->lost(model); };
    return hooks;
  }

  struct Entry {
    std::string key;
    ExecutorPtr executor;
  };

  const InferSettings settings;
  const ModelLoader loader;
  Clock& clock;
  const std::unique_ptr<Chooser> chooser;  // null: there is nothing but the CPU
  std::mutex loading;                      // one file at a time, so that none is loaded twice
  mutable std::shared_mutex mutex;
  std::vector<Entry> models;  // guarded by mutex; only grows
  RunObserver observer;       // guarded by mutex
};

ModelRunner::ModelRunner(InferSettings settings, std::vector<std::unique_ptr<Engine>> engines, Clock& clock)
    : impl_(new Impl(settings, std::move(engines), clock)) {
  if (settings.threads > 0) cv::setNumThreads(settings.threads);
  if (settings.backend == Backend::automatic && !impl_->chooser) {
    log::info("infer", "no accelerator for networks here, they run on the CPU");
  }
}

ModelRunner::~ModelRunner() {
  if (impl_->chooser) impl_->chooser->stop();
  for (const auto& executor : impl_->all()) executor->stop();
}

sdk::Inference::Model ModelRunner::load(const sdk::ModelFile& file) {
  const std::string key = canonical(file.path) + '\n' + canonical(file.config);
  std::lock_guard one_at_a_time(impl_->loading);
  if (const auto known = impl_->find(key)) return *known;
  const std::string shown = std::filesystem::path(file.path).filename().string();
  const auto model = std::make_shared<Chooser::Model>();
  model->file = file;
  auto executor = std::make_shared<Executor>(shown, impl_->settings.queue_bound, impl_->hooks(model), impl_->clock);
  model->executor = executor;
  executor->start();
  executor->ready();
  std::unique_lock lock(impl_->mutex);
  impl_->models.push_back({key, std::move(executor)});
  return static_cast<sdk::Inference::Model>(impl_->models.size() - 1);
}

std::vector<cv::Mat> ModelRunner::infer(sdk::Inference::Model model, std::vector<cv::Mat> inputs,
                                        std::stop_token stop) {
  return impl_->at(model)->infer(std::move(inputs), std::move(stop));
}

cv::Mat ModelRunner::input(sdk::Inference::Model model, const std::vector<int>& dims) {
  return impl_->at(model)->input(dims);
}

std::vector<int> ModelRunner::batch_sizes(sdk::Inference::Model model) const { return impl_->at(model)->batch_sizes(); }

std::vector<std::vector<int>> ModelRunner::input_shapes(sdk::Inference::Model model) const {
  return impl_->at(model)->input_shapes();
}

std::vector<ModelStats> ModelRunner::stats() const {
  std::vector<ModelStats> all;
  for (const auto& executor : impl_->all()) all.push_back(executor->stats());
  return all;
}

void ModelRunner::observe(RunObserver observer) {
  std::unique_lock lock(impl_->mutex);
  impl_->observer = std::move(observer);
}

}  // namespace lynceus::infer

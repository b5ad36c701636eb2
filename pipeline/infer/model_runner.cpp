#include "pipeline/infer/model_runner.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "pipeline/infer/executor.h"
#include "pipeline/infer/manifest.h"

namespace lynceus::infer {
namespace {

using Engines = std::vector<std::unique_ptr<Engine>>;

/// The same file under two names is one model.
std::string canonical(const std::string& path) {
  std::error_code failed;
  const auto whole = std::filesystem::weakly_canonical(path, failed);
  return failed || path.empty() ? path : whole.string();
}

bool offers(const Engine& engine, Backend backend) {
  const auto here = engine.backends();
  return std::find(here.begin(), here.end(), backend) != here.end();
}

/// One network at batch 1, and where it runs.
struct Choice {
  Engine* engine = nullptr;
  LoadedModel model;
};

Choice load_on(Engine& engine, const sdk::ModelFile& file, Backend backend) {
  Choice choice{&engine, {}};
  choice.model.engine = engine.name();
  choice.model.backend = backend;
  choice.model.nets.emplace_back(1, engine.load(file, backend, 1));
  return choice;
}

/// The first engine that has the back end and takes the file. Throws what the last one said.
Choice first_that_loads(const Engines& engines, const sdk::ModelFile& file, Backend backend) {
  std::exception_ptr refused;
  for (const auto& engine : engines) {
    if (!offers(*engine, backend)) continue;
    try {
      return load_on(*engine, file, backend);
    } catch (const std::exception& error) {
      log::debug("infer", error.what(), {{"engine", engine->name()}});
      refused = std::current_exception();
    }
  }
  if (refused) std::rethrow_exception(refused);
  throw std::runtime_error(std::string("no engine has the back end ") + name(backend));
}

Choice choose(const Engines& engines, const sdk::ModelFile& file, Backend wanted) {
  if (wanted == Backend::automatic || wanted == Backend::cpu) return first_that_loads(engines, file, Backend::cpu);
  try {
    return first_that_loads(engines, file, wanted);
  } catch (const std::exception& error) {
    log::warning("infer", "back end not usable, falling back to the CPU",
                 {{"model", file.path}, {"backend", name(wanted)}, {"reason", error.what()}});
  }
  Choice choice = first_that_loads(engines, file, Backend::cpu);
  choice.model.fallback = true;
  return choice;
}

void add_batch_size(Choice& choice, const sdk::ModelFile& file, int size) {
  std::string refused;
  std::unique_ptr<Net> net;
  try {
    net = choice.engine->load(file, choice.model.backend, size);
    refused = why_not_batched(*choice.model.nets.front().second, *net, size);
  } catch (const std::exception& error) {
    refused = error.what();
  }
  if (refused.empty()) {
    choice.model.nets.emplace_back(size, std::move(net));
  } else {
    log::warning("infer", "batch size refused", {{"model", file.path}, {"size", size}, {"reason", refused}});
  }
}

LoadedModel load_model(const Engines& engines, const sdk::ModelFile& file, Backend wanted) {
  const std::vector<int> sizes = manifest_batch_sizes(file.path);
  Choice choice = choose(engines, file, wanted);
  for (const int size : sizes) {
    if (size != 1) add_batch_size(choice, file, size);
  }
  log::info("infer", "model loaded",
            {{"model", file.path}, {"engine", choice.model.engine}, {"backend", name(choice.model.backend)},
             {"batch", choice.model.nets.back().first}});
  return std::move(choice.model);
}

}  // namespace

struct ModelRunner::Impl {
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
  Executor::Hooks hooks(const sdk::ModelFile& file) const {
    return {[this, file] { return load_model(engines, file, settings.backend); },
            [this](const std::string& model, int batch, double seconds) {
              if (const RunObserver told = current_observer()) told(model, batch, seconds);
            }};
  }

  struct Entry {
    std::string key;
    ExecutorPtr executor;
  };

  const InferSettings settings;
  const Engines engines;
  Clock& clock;
  std::mutex loading;  // one file at a time, so that none is loaded twice
  mutable std::shared_mutex mutex;
  std::vector<Entry> models;  // guarded by mutex; only grows
  RunObserver observer;       // guarded by mutex
};

ModelRunner::ModelRunner(InferSettings settings, std::vector<std::unique_ptr<Engine>> engines, Clock& clock)
    : impl_(new Impl{settings, std::move(engines), clock, {}, {}, {}, {}}) {
  if (settings.threads > 0) cv::setNumThreads(settings.threads);
}

ModelRunner::~ModelRunner() {
  for (const auto& executor : impl_->all()) executor->stop();
}

sdk::Inference::Model ModelRunner::load(const sdk::ModelFile& file) {
  const std::string key = canonical(file.path) + '\n' + canonical(file.config);
  std::lock_guard one_at_a_time(impl_->loading);
  if (const auto known = impl_->find(key)) return *known;
  const std::string shown = std::filesystem::path(file.path).filename().string();
  auto executor =
      std::make_shared<Executor>(shown, impl_->settings.queue_bound, impl_->hooks(file), impl_->clock);
  executor->ready();
  std::unique_lock lock(impl_->mutex);
  impl_->models.push_back({key, std::move(executor)});
  return static_cast<sdk::Inference::Model>(impl_->models.size() - 1);
}

std::vector<cv::Mat> ModelRunner::infer(sdk::Inference::Model model, std::vector<cv::Mat> inputs,
                                        std::stop_token stop) {
  return impl_->at(model)->infer(std::move(inputs), std::move(stop));
}

std::vector<int> ModelRunner::batch_sizes(sdk::Inference::Model model) const {
  return impl_->at(model)->batch_sizes();
}

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

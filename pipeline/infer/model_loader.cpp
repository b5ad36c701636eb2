#include "pipeline/infer/model_loader.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "pipeline/infer/batch.h"
#include "pipeline/infer/manifest.h"
#include "pipeline/infer/trial.h"

namespace lynceus::infer {
namespace {

constexpr int kMostOnCpu = 8;
constexpr double kSameEverywhere = 1e-3;

bool offers(const Engine& engine, Backend backend) {
  const auto here = engine.backends();
  return std::find(here.begin(), here.end(), backend) != here.end();
}

std::string mebibytes(std::int64_t bytes) { return std::to_string((bytes + (1 << 19)) >> 20) + " MiB"; }

std::string why_missing(const std::vector<std::unique_ptr<Engine>>& engines, Backend backend) {
  std::string why;
  for (const auto& engine : engines) {
    const std::string said = engine->why_not(backend);
    if (!said.empty()) why += (why.empty() ? "" : "; ") + said;
  }
  return why.empty() ? "nothing here has it" : why;
}

}  // namespace

/// What the nets of one set take of a device: the memory it has less of after each.
struct ModelLoader::Meter {
  Meter(const Engine& e, Backend b, std::int64_t bound, std::int64_t& all_taken)
      : engine(e), backend(b), most(bound), taken(all_taken), before(e.memory_free(b)) {}

  /// Throws std::runtime_error when what was loaded since the last call takes too much.
  void count() {
    const std::int64_t now = engine.memory_free(backend);
    if (before < 0 || now < 0) return;
    const std::int64_t more = std::max<std::int64_t>(0, before - now);
    if (most > 0 && taken + more > most) {
      throw std::runtime_error("takes " + mebibytes(more) + " of the device beside " + mebibytes(taken) +
                               " in use, more than inference.memory allows (" + mebibytes(most) + ")");
    }
    before = now;
    taken += more;
    mine += more;
  }

  const Engine& engine;
  const Backend backend;
  const std::int64_t most;
  std::int64_t& taken;
  std::int64_t before = -1, mine = 0;
};

ModelLoader::ModelLoader(Engines engines, Backend wanted, std::int64_t memory_bytes)
    : engines_(std::move(engines)),
      wanted_(wanted),
      memory_bytes_(memory_bytes),
      taken_(std::make_shared<std::int64_t>(0)),
      device_(std::make_shared<std::mutex>()) {
  if (wanted == Backend::automatic || wanted == Backend::cpu || place(wanted)) return;
  throw Error(Exit::bad_config, "inference.backend", name(wanted),
              why_missing(engines_, wanted) + "; `auto` takes what is there");
}

std::optional<ModelLoader::Candidate> ModelLoader::place(Backend backend) const {
  for (const auto& engine : engines_) {
    if (offers(*engine, backend)) return Candidate{engine.get(), backend};
  }
  return std::nullopt;
}

std::vector<ModelLoader::Candidate> ModelLoader::candidates() const {
  std::vector<Candidate> all;
  for (const Backend backend : {Backend::opencl, Backend::cuda, Backend::cuda_fp16}) {
    if (wanted_ != Backend::automatic && wanted_ != backend) continue;
    for (const auto& engine : engines_) {
      const bool worth = wanted_ == backend || engine->worth_trying(backend);
      if (offers(*engine, backend) && worth) all.emplace_back(engine.get(), backend);
    }
  }
  return all;
}

LoadedModel ModelLoader::load(const sdk::ModelFile& file) const {
  LoadedModel model;
  model.home = load_home(file);
  if (wanted_ == Backend::automatic || wanted_ == Backend::cpu) return model;
  const Candidate wanted = *place(wanted_);
  try {
    auto device = std::make_shared<NetSet>(load_on(*wanted.first, file, wanted_));
    if (can_be_tried(model.home.single())) {
      model.fallback = why_not_alike(model.home.single(), device->single(), 1, tolerance_of(wanted_));
    }
    if (model.fallback.empty()) model.device = std::move(device);
  } catch (const std::exception& error) {
    model.fallback = error.what();
  }
  if (!model.fallback.empty()) {
    log::warning("infer", "back end not usable, falling back to the CPU",
                 {{"model", file.path}, {"backend", name(wanted_)}, {"reason", model.fallback}});
  }
  return model;
}

/// The first engine that takes the file. Throws what the last one said.
NetSet ModelLoader::load_home(const sdk::ModelFile& file) const {
  std::exception_ptr refused;
  for (const auto& engine : engines_) {
    if (!offers(*engine, Backend::cpu)) continue;
    try {
      return load_on(*engine, file, Backend::cpu);
    } catch (const std::exception& error) {
      log::debug("infer", error.what(), {{"engine", engine->name()}});
      refused = std::current_exception();
    }
  }
  if (refused) std::rethrow_exception(refused);
  throw std::runtime_error("no engine has the back end cpu");
}

NetSet ModelLoader::load_on(Engine& engine, const sdk::ModelFile& file, Backend backend) const {
  NetSet set;
  set.engine = engine.name();
  set.backend = backend;
  std::unique_lock one_at_a_time(*device_, std::defer_lock);
  if (backend != Backend::cpu) one_at_a_time.lock();
  std::int64_t none = 0;
  Meter meter(engine, backend, memory_bytes_, backend == Backend::cpu ? none : *taken_);
  set.nets.push_back({1, engine.load(file, backend, 1), 0});
  if (backend != Backend::cpu) warm_up(set.single());
  meter.count();
  add_sizes(set, engine, file, meter);
  if (meter.mine > 0) {
    set.claim = std::shared_ptr<void>(nullptr, [taken = taken_, device = device_, mine = meter.mine](void*) {
      std::lock_guard lock(*device);
      *taken -= mine;
    });
  }
  return set;
}

void ModelLoader::add_sizes(NetSet& set, Engine& engine, const sdk::ModelFile& file, Meter& meter) const {
  for (const int size : manifest_batch_sizes(file.path, set.backend != Backend::cpu)) {
    if (size == 1 || (set.backend == Backend::cpu && size > kMostOnCpu)) continue;
    std::string refused;
    try {
      std::unique_ptr<Net> net = engine.load(file, set.backend, size);
      const double tolerance = set.backend == Backend::cpu ? kSameEverywhere : tolerance_of(set.backend);
      refused = why_not_alike(set.single(), *net, size, tolerance);
      if (refused.empty()) {
        meter.count();
        set.nets.push_back({size, std::move(net), 0});
      }
    } catch (const std::exception& error) {
      refused = error.what();
    }
    if (refused.empty()) continue;
    log::warning("infer", "batch size refused",
                 {{"model", file.path}, {"backend", name(set.backend)}, {"size", size}, {"reason", refused}});
  }
}

}  // namespace lynceus::infer

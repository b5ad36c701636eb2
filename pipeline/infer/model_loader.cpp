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

/// Those beside 1.
std::vector<int> sizes_of(const sdk::ModelFile& file, Backend backend) {
  std::vector<int> sizes = manifest_batch_sizes(file.path, backend != Backend::cpu);
  std::erase_if(sizes, [&](int size) { return size == 1 || (backend == Backend::cpu && size > kMostOnCpu); });
  return sizes;
}

void refuse(const sdk::ModelFile& file, Backend backend, int size, const std::string& why) {
  log::warning("infer", "batch size refused",
               {{"model", file.path}, {"backend", name(backend)}, {"size", size}, {"reason", why}});
}

}  // namespace

/// What the nets of one set take of a device: the memory it has less of after each. Bound to whoever has the turn.
struct ModelLoader::Meter {
  Meter(const Engine& e, Backend b, std::int64_t bound, std::shared_ptr<std::int64_t> all,
        std::shared_ptr<std::mutex> m)
      : engine(e), backend(b), most(bound), taken(std::move(all)), mutex(std::move(m)), before(e.memory_free(b)) {}

  /// The claim on what was loaded since the last call, null where that is nothing. Throws std::runtime_error when it is
  /// too much.
  std::shared_ptr<void> count() {
    const std::int64_t now = engine.memory_free(backend);
    if (before < 0 || now < 0 || backend == Backend::cpu) return nullptr;
    const std::int64_t more = std::max<std::int64_t>(0, before - now);
    if (most > 0 && *taken + more > most) {
      throw std::runtime_error("takes " + mebibytes(more) + " of the device beside " + mebibytes(*taken) +
                               " in use, more than inference.memory allows (" + mebibytes(most) + ")");
    }
    before = now;
    if (more == 0) return nullptr;
    *taken += more;
    return std::shared_ptr<void>(nullptr, [sum = taken, one_at_a_time = mutex, more](void*) {
      std::lock_guard lock(*one_at_a_time);
      *sum -= more;
    });
  }

  const Engine& engine;
  const Backend backend;
  const std::int64_t most;
  const std::shared_ptr<std::int64_t> taken;  // guarded by *mutex
  const std::shared_ptr<std::mutex> mutex;
  std::int64_t before = -1;
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

/// Devices are loaded one at a time.
std::unique_lock<std::mutex> ModelLoader::turn(Backend backend) const {
  std::unique_lock one_at_a_time(*device_, std::defer_lock);
  if (backend != Backend::cpu) one_at_a_time.lock();
  return one_at_a_time;
}

LoadedModel ModelLoader::load(const sdk::ModelFile& file) const {
  LoadedModel model;
  model.home = load_home(file);
  if (wanted_ == Backend::automatic || wanted_ == Backend::cpu) return model;
  const Candidate wanted = *place(wanted_);
  try {
    auto device = load_asked_for(*wanted.first, file);
    if (can_be_tried(model.home.single())) {
      model.fallback = why_not_alike(model.home.single(), device->single(), 1, tolerance_of(wanted_));
    }
    if (model.fallback.empty()) model.growth = growth_of(*wanted.first, file, device);
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

/// Its first size; the others take seconds each, and frames are waiting.
std::shared_ptr<NetSet> ModelLoader::load_asked_for(Engine& engine, const sdk::ModelFile& file) const {
  auto device = std::make_shared<NetSet>();  // outlives the turn, which its nets take to go
  const auto one_at_a_time = turn(wanted_);
  *device = load_first(engine, file, wanted_);
  return device;
}

std::shared_ptr<Growth> ModelLoader::growth_of(Engine& engine, const sdk::ModelFile& file,
                                               const std::shared_ptr<NetSet>& set) const {
  std::vector<int> sizes = sizes_of(file, set->backend);
  if (sizes.empty()) return nullptr;
  if (!can_be_tried(set->single())) {
    for (const int size : sizes) refuse(file, set->backend, size, "its input sizes are open");
    return nullptr;
  }
  return std::make_shared<Growth>(
      Growth{set, &engine, set->backend, file, std::move(sizes), reference_of(set->single())});
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
  NetSet set;  // outlives the turn, which its nets take to go
  const auto one_at_a_time = turn(backend);
  set = load_first(engine, file, backend);
  const std::vector<int> sizes = sizes_of(file, backend);
  if (sizes.empty()) return set;
  std::string unproved;
  Reference reference;
  try {
    reference = reference_of(set.single());
  } catch (const std::exception& error) {
    unproved = error.what();
  }
  for (const int size : sizes) {
    if (!unproved.empty()) {
      refuse(file, backend, size, unproved);
    } else if (auto net = load_size(engine, file, backend, size, reference)) {
      set.add(std::move(*net));
    }
  }
  return set;
}

void ModelLoader::grow(const Growth& growth, const std::function<bool(SizedNet)>& take) const {
  for (const int size : growth.sizes) {
    if (growth.set.expired()) return;
    std::optional<SizedNet> net;
    {
      const auto one_at_a_time = turn(growth.backend);
      net = load_size(*growth.engine, growth.file, growth.backend, size, growth.reference);
    }
    if (net && !take(std::move(*net))) return;
  }
}

NetSet ModelLoader::load_first(Engine& engine, const sdk::ModelFile& file, Backend backend) const {
  Meter meter(engine, backend, memory_bytes_, taken_, device_);
  NetSet set;
  set.engine = engine.name();
  set.backend = backend;
  set.nets.push_back({1, nullptr, engine.load(file, backend, 1), 0});
  if (backend != Backend::cpu) warm_up(set.single());
  set.nets.front().claim = meter.count();
  return set;
}

/// Empty where it does not prove itself, which the log says.
std::optional<SizedNet> ModelLoader::load_size(Engine& engine, const sdk::ModelFile& file, Backend backend, int size,
                                               const Reference& reference) const {
  Meter meter(engine, backend, memory_bytes_, taken_, device_);
  std::string refused;
  try {
    std::unique_ptr<Net> net = engine.load(file, backend, size);
    const double tolerance = backend == Backend::cpu ? kSameEverywhere : tolerance_of(backend);
    refused = why_not_alike(reference, *net, size, tolerance);
    if (refused.empty()) return SizedNet{size, meter.count(), std::move(net), 0};
  } catch (const std::exception& error) {
    refused = error.what();
  }
  refuse(file, backend, size, refused);
  return std::nullopt;
}

}  // namespace lynceus::infer

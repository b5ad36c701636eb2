// Loads a model's networks where the settings want them: at each batch size of its manifest that proves itself.
//
// On a back end that was asked for a model is ready with its first size; the others follow by grow(), in the background.
// On the CPU sizes above 8 are left out: they gain nothing there and take memory. On a device each size is counted
// against the memory bound by what the device has less of after the size has run once. Owner: ModelRunner.
// Thread: any; devices are loaded one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/infer/batch.h"
#include "pipeline/infer/engine.h"
#include "pipeline/infer/net_set.h"

namespace lynceus::infer {

/// Batch sizes that a set on a device has yet to get.
struct Growth {
  std::weak_ptr<NetSet> set;
  Engine* engine = nullptr;
  Backend backend = Backend::cpu;
  sdk::ModelFile file;
  std::vector<int> sizes;
  Reference reference;  ///< what the set's first net answers
};

/// A model ready to run.
struct LoadedModel {
  NetSet home;                     ///< on the CPU: there while the model is, so that a lost device costs no time
  std::shared_ptr<NetSet> device;  ///< the back end that was asked for; null: none, or not usable
  std::string fallback;            ///< why that back end is not used
  std::shared_ptr<Growth> growth;  ///< of `device`; null: it is whole
};

class ModelLoader {
 public:
  using Engines = std::vector<std::unique_ptr<Engine>>;
  using Candidate = std::pair<Engine*, Backend>;

  /// Throws Error (Exit::bad_config) when a back end is asked for that no engine has here.
  /// `memory_bytes`: what networks may take of a device; 0: all there is.
  ModelLoader(Engines engines, Backend wanted, std::int64_t memory_bytes);

  /// Throws std::runtime_error when the CPU cannot run the model either.
  LoadedModel load(const sdk::ModelFile& file) const;
  NetSet load_home(const sdk::ModelFile& file) const;
  /// All sizes.
  NetSet load_on(Engine& engine, const sdk::ModelFile& file, Backend backend) const;
  /// Loads the sizes one by one and hands each that proved itself to `take`, until that says false or the set is gone.
  void grow(const Growth& growth, const std::function<bool(SizedNet)>& take) const;

  /// What a trial looks at beside the CPU: of `auto` all there is, else the back end that was asked for.
  std::vector<Candidate> candidates() const;
  Backend wanted() const { return wanted_; }

 private:
  struct Meter;
  std::optional<Candidate> place(Backend backend) const;
  std::shared_ptr<NetSet> load_asked_for(Engine& engine, const sdk::ModelFile& file) const;
  std::shared_ptr<Growth> growth_of(Engine& engine, const sdk::ModelFile& file,
                                    const std::shared_ptr<NetSet>& set) const;
  NetSet load_first(Engine& engine, const sdk::ModelFile& file, Backend backend) const;
  std::optional<SizedNet> load_size(Engine& engine, const sdk::ModelFile& file, Backend backend, int size,
                                    const Reference& reference) const;
  std::unique_lock<std::mutex> turn(Backend backend) const;

  const Engines engines_;
  const Backend wanted_;
  const std::int64_t memory_bytes_;
  const std::shared_ptr<std::int64_t> taken_;  // guarded by device_
  const std::shared_ptr<std::mutex> device_;
};

}  // namespace lynceus::infer

// One analyzer of one camera behind a wall: what it throws is caught and counted, repeated failure disables it.
//
// Disabled after 5 throws in a row, a throw at creation, or three crashes of the process in it (crash_note.h). Owner
// and thread: the camera's worker; stats() any.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/host/crash_note.h"
#include "pipeline/infer/model_runner.h"
#include "plugins/sdk/plugin.h"

namespace lynceus::host {

/// Where named blobs live. The daemon's is SQLite; written behind by its own thread.
class StateStore {
 public:
  virtual ~StateStore() = default;
  virtual std::optional<std::vector<std::byte>> read(const std::string& camera, const std::string& plugin,
                                                     const std::string& name) = 0;
  /// False when the camera's 16 MiB would be exceeded.
  virtual bool write(const std::string& camera, const std::string& plugin, const std::string& name,
                     std::vector<std::byte> blob) = 0;
};

/// In memory, bounded alike: for `lynceus analyze` and tests.
std::unique_ptr<StateStore> make_memory_state();

enum class SlotState { running, disabled };

class AnalyzerSlot {
 public:
  struct Setup {
    const sdk::Plugin* plugin = nullptr;
    sdk::CameraInfo camera;
    sdk::Options options;
    Clock* clock = nullptr;
    infer::ModelRunner* models = nullptr;
    StateStore* state = nullptr;
    std::stop_token stop;          ///< of the camera: ends waits inside the analyzer
    CrashNote* crashes = nullptr;  ///< null: none is kept
  };

  /// Creates the analyzer. A throw there disables the slot, and so does a note of three crashes in a row.
  explicit AnalyzerSlot(Setup setup);
  ~AnalyzerSlot();

  /// Nothing when the analyzer threw or is disabled.
  std::optional<sdk::Observations> process(const sdk::Input& input);

  const std::string& plugin() const;
  SlotState state() const { return state_.load(); }
  std::uint64_t errors() const { return errors_.load(); }
  std::string last_error() const;
  /// Parts of observations that were left out because they were no numbers, broken or too many (observation_filter.h).
  std::uint64_t dropped() const { return dropped_.load(); }

 private:
  struct Impl;
  template <class Call>
  bool contained(Call&& call);  ///< false when it threw
  void create(const Setup& setup);
  void count_error(const char* text);
  void count_dropped(std::uint64_t dropped);
  void disable(const char* why);

  std::unique_ptr<Impl> impl_;
  std::atomic<SlotState> state_{SlotState::running};
  std::atomic<std::uint64_t> errors_{0};
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace lynceus::host

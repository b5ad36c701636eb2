// Puts another configuration into force, all or nothing, and knows the one that is.
//
// Cameras, alarms and notify change at once; what else differs waits for the next start, with a word in the log.
// Owner: App. Thread: run() the control thread; the rest any.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/config.h"
#include "daemon/app/fleet.h"
#include "daemon/app/secret_watch.h"
#include "pipeline/host/crash_note.h"

namespace lynceus::daemon {

class Reload {
 public:
  struct Parts {
    Fleet& fleet;
    host::CrashNote& crashes;
    Clock& clock;
    config::Catalogue plugins;
    std::string file;             ///< the configuration
    std::string state_directory;  ///< with the settings
    /// Everything else that a new configuration concerns. Called when nothing can go wrong any more, after cameras that
    /// go have stopped and before those that come start. Must not throw.
    std::function<void(const config::Config&)> apply;
    /// Whether it went well, each time.
    std::function<void(bool done, const std::string& why)> told;
  };
  struct Result {
    enum class Kind { done, invalid, failed } kind = Kind::failed;
    std::string why;                  ///< one line, when it is not done
    std::vector<std::string> errors;  ///< of an invalid configuration, all of them
    std::vector<std::string> warnings;
    Fleet::Change change;
  };

  Reload(Parts parts, config::LoadResult in_force);

  /// Reads the file and the settings again. `draft` stands for a camera's settings file and is written when all of it
  /// is right.
  Result run(const config::SettingsDraft* draft = nullptr);

  bool last_successful() const { return successful_.load(); }
  double last_success_s() const { return succeeded_at_s_.load(); }  ///< wall time
  /// A secret's file has changed since. Once for each change.
  bool secrets_changed() { return secrets_.look(); }
  /// JSON: every value with its origin, secrets masked.
  std::string view() const;
  const config::Config& config() const { return config_; }  ///< the control thread's
  std::string site() const { return site_; }

 private:
  Fleet::Change put_into_force(config::LoadResult loaded);
  void keep(config::LoadResult loaded);
  Result attempt(const config::SettingsDraft* draft);

  const Parts parts_;
  const std::string site_;
  config::Config config_;
  SecretWatch secrets_;
  std::atomic<bool> successful_{true};
  std::atomic<double> succeeded_at_s_{0};
  mutable std::mutex mutex_;
  std::shared_ptr<const std::vector<config::Origin>> origins_;  // guarded by mutex_
};

}  // namespace lynceus::daemon

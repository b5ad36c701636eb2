#include "daemon/app/reload.h"

#include <malloc.h>

#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.h"
#include "config/settings_file.h"
#include "daemon/app/settings_equal.h"

namespace lynceus::daemon {
namespace {

double seconds(WallTime time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

/// A camera's settings file as it is to be; as it was, unless all went well.
class DraftOnDisk {
 public:
  DraftOnDisk(const config::SettingsDraft* draft, const std::string& directory) : draft_(draft), directory_(directory) {
    if (draft_ == nullptr) return;
    before_ = config::read_settings_file(directory_, draft_->camera);
    put(draft_->yaml);
  }
  ~DraftOnDisk() {
    if (draft_ == nullptr) return;
    try {
      put(before_);
    } catch (const std::exception& e) {
      log::error("app", "settings that were refused are still on the disk", {{"why", e.what()}});
    }
  }
  DraftOnDisk(const DraftOnDisk&) = delete;
  DraftOnDisk& operator=(const DraftOnDisk&) = delete;

  void accept() { draft_ = nullptr; }

 private:
  void put(const std::optional<std::string>& yaml) const {
    if (yaml) return config::write_settings_file(directory_, draft_->camera, *yaml);
    config::remove_settings_file(directory_, draft_->camera);
  }

  const config::SettingsDraft* draft_;
  const std::string& directory_;
  std::optional<std::string> before_;
};

}  // namespace

Reload::Reload(Parts parts, config::LoadResult in_force) : parts_(std::move(parts)), site_(in_force.config.site) {
  keep(std::move(in_force));
  succeeded_at_s_ = seconds(parts_.clock.wall());
}

Reload::Result Reload::run(const config::SettingsDraft* draft) {
  Result result = attempt(draft);
  const bool done = result.kind == Result::Kind::done;
  // Settings that somebody sent and that were refused are their sender's trouble: what is in force is what was asked
  // for.
  if (draft != nullptr && !done) return result;
  successful_ = done;
  if (done) {
    succeeded_at_s_ = seconds(parts_.clock.wall());
    log::info("app", "reloaded",
              {{"kept", result.change.kept},
               {"changed", result.change.changed},
               {"restarted", result.change.restarted},
               {"added", result.change.added},
               {"removed", result.change.removed}});
  } else {
    log::error("app", "reload refused, nothing changed", {{"why", result.why}});
  }
  parts_.told(done, result.why);
  return result;
}

Reload::Result Reload::attempt(const config::SettingsDraft* draft) {
  Result result;
  try {
    config::LoadResult loaded = config::load(parts_.file, parts_.plugins, parts_.state_directory, draft);
    result.warnings = loaded.warnings;
    DraftOnDisk on_disk(draft, parts_.state_directory);
    result.change = put_into_force(std::move(loaded));
    on_disk.accept();
    result.kind = Result::Kind::done;
  } catch (const config::ConfigError& e) {
    result.kind = Result::Kind::invalid;
    result.why = log::redact(e.what());
    for (const std::string& line : e.lines()) result.errors.push_back(log::redact(line));
  } catch (const std::exception& e) {
    result.why = log::redact(e.what());
  }
  for (std::string& warning : result.warnings) {
    log::warning("config", warning);
    warning = log::redact(warning);
  }
  return result;
}

Fleet::Change Reload::put_into_force(config::LoadResult loaded) {
  if (!equal_but_reloadable(config_, loaded.config)) {
    log::warning("app", "site, timezone, server, storage and inference change at the next start only");
  }
  config::Config next = config_;
  next.cameras = std::move(loaded.config.cameras);
  next.alarms = std::move(loaded.config.alarms);
  next.notify = std::move(loaded.config.notify);
  const Fleet::Change change = parts_.fleet.apply(next.cameras, [&] {
    parts_.crashes.configured(loaded.fingerprint);
    parts_.apply(next);
  });
  // Cameras leave holes between what stays: given back now, or the process never shrinks.
  if (change.removed + change.restarted + change.changed > 0) malloc_trim(0);
  loaded.config = std::move(next);
  keep(std::move(loaded));
  return change;
}

void Reload::keep(config::LoadResult loaded) {
  config_ = std::move(loaded.config);
  secrets_.watch(std::move(loaded.secret_files));
  std::lock_guard lock(mutex_);
  origins_ = std::make_shared<const std::vector<config::Origin>>(std::move(loaded.origins));
}

std::string Reload::view() const {
  std::shared_ptr<const std::vector<config::Origin>> origins;
  {
    std::lock_guard lock(mutex_);
    origins = origins_;
  }
  nlohmann::ordered_json values = nlohmann::ordered_json::array();
  for (const config::Origin& origin : *origins) {
    values.push_back({{"key", origin.key}, {"value", log::redact(origin.value)}, {"where", origin.where}});
  }
  const nlohmann::ordered_json all{{"file", parts_.file}, {"values", std::move(values)}};
  return all.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace lynceus::daemon

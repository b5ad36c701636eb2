#include "daemon/app/fleet.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.h"
#include "daemon/app/settings_equal.h"

namespace lynceus::daemon {
namespace {

constexpr std::chrono::milliseconds kWorkerPatience{1000};

std::vector<const sdk::PluginInfo*> infos_of(const camera::CameraSettings& settings, const host::PluginHost* plugins) {
  std::vector<const sdk::PluginInfo*> infos;
  for (const auto& analyzer : settings.analyzers) {
    const sdk::Plugin* plugin = plugins != nullptr ? plugins->find(analyzer.plugin) : nullptr;
    if (plugin != nullptr) infos.push_back(&plugin->info());
  }
  return infos;
}

}  // namespace

Fleet::Fleet(Parts parts) : parts_(std::move(parts)) {}

Fleet::~Fleet() { stop(); }

Fleet::Change Fleet::apply(const std::vector<camera::CameraSettings>& wanted, const std::function<void()>& settled) {
  Change change;
  Units next, made, gone;
  for (const auto& settings : wanted) {
    UnitPtr old = find(settings.id);
    if (old && equal(old->settings(), settings)) {
      ++change.kept;
      next.push_back(std::move(old));
      continue;
    }
    made.push_back(std::make_shared<CameraUnit>(settings, parts_.around, old.get()));
    ++(!old ? change.added : made.back()->same_stream(*old) ? change.changed : change.restarted);
    next.push_back(made.back());
  }
  const Units before = units();
  std::copy_if(before.begin(), before.end(), std::back_inserter(gone),
               [&](const UnitPtr& unit) { return std::find(next.begin(), next.end(), unit) == next.end(); });
  change.removed = static_cast<int>(gone.size()) - change.restarted - change.changed;

  stop_all(gone, made);
  const auto goes_on = [](const UnitPtr& unit, const Units& others) {
    const UnitPtr other = with_id(others, unit->settings().id);
    return other && other->same_analysis(*unit);
  };
  for (const UnitPtr& unit : gone) {
    if (!goes_on(unit, made)) leave(*unit);
  }
  for (const UnitPtr& unit : made) {
    if (!goes_on(unit, gone)) enter(*unit);
  }
  {
    std::unique_lock lock(mutex_);
    units_ = std::move(next);
  }
  if (settled) settled();
  for (const UnitPtr& unit : made) unit->start();
  return change;
}

void Fleet::stop() {
  Units all;
  {
    std::unique_lock lock(mutex_);
    all = std::exchange(units_, {});
  }
  stop_all(all, {});
}

/// Each camera may take a while to hang up; they do so side by side.
void Fleet::stop_all(const Units& units, const Units& coming) {
  std::vector<std::jthread> threads;
  for (const UnitPtr& unit : units) {
    threads.emplace_back([this, &unit, &coming] {
      const auto next = with_id(coming, unit->settings().id);
      if (unit->stop(kWorkerPatience, next.get())) return;
      ++left_behind_;
      log::error("camera", "worker left behind",
                 {{"camera", unit->settings().id}, {"plugin", unit->status().worker.in_plugin}});
    });
  }
}

void Fleet::enter(const CameraUnit& unit) {
  const camera::CameraSettings& settings = unit.settings();
  parts_.board.add(settings.id);
  parts_.pictures.add(settings.id, veil_of(settings));
  parts_.metrics.add(settings, infos_of(settings, parts_.around.context.plugins));
}

void Fleet::leave(const CameraUnit& unit) {
  const std::string& id = unit.settings().id;
  parts_.board.remove(id);
  parts_.pictures.remove(id);
  parts_.metrics.remove(id);
}

Fleet::Units Fleet::units() const {
  std::shared_lock lock(mutex_);
  return units_;
}

Fleet::UnitPtr Fleet::with_id(const Units& units, const std::string& id) {
  const auto found =
      std::find_if(units.begin(), units.end(), [&](const auto& unit) { return unit->settings().id == id; });
  return found == units.end() ? nullptr : *found;
}

Fleet::UnitPtr Fleet::find(const std::string& id) const {
  std::shared_lock lock(mutex_);
  return with_id(units_, id);
}

std::vector<CameraStatus> Fleet::cameras() const {
  std::vector<CameraStatus> all;
  for (const UnitPtr& unit : units()) all.push_back(unit->status());
  return all;
}

std::optional<CameraStatus> Fleet::camera(const std::string& id) const {
  const UnitPtr unit = find(id);
  return unit ? std::optional(unit->status()) : std::nullopt;
}

void Fleet::network_changed() {
  for (const UnitPtr& unit : units()) unit->network_changed();
}

Fleet::Taken Fleet::take_reference(const std::string& id, const std::string& plugin) {
  const UnitPtr unit = find(id);
  if (!unit) return Taken::no_camera;
  const auto& analyzers = unit->settings().analyzers;
  if (std::none_of(analyzers.begin(), analyzers.end(), [&](const auto& a) { return a.plugin == plugin; })) {
    return Taken::no_plugin;
  }
  const sdk::Plugin* loaded = parts_.around.context.plugins->find(plugin);
  if (loaded == nullptr || !loaded->info().takes_reference) return Taken::no_reference;
  return unit->take_reference(plugin) ? Taken::done : Taken::not_streaming;
}

void Fleet::sample() {
  for (const UnitPtr& unit : units()) unit->sample();
}

bool Fleet::every_worker_stuck() const {
  const Units all = units();
  bool any = false;
  for (const UnitPtr& unit : all) {
    if (!unit->settings().enabled) continue;
    if (!unit->stuck()) return false;
    any = true;
  }
  return any;
}

}  // namespace lynceus::daemon

// What people and the house do to alarms: acknowledge, shelve, clear, reload, restart, the passing of time.
#include <algorithm>
#include <utility>

#include "daemon/alarms/engine.h"

namespace lynceus::daemon {
namespace {

using Type = AlarmChange::Type;
using Phase = Life::Phase;

WallTime whole_ms(WallTime time) { return std::chrono::floor<std::chrono::milliseconds>(time); }

}  // namespace

Life* AlarmEngine::life(const std::string& id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

const Alarm* AlarmEngine::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second->alarm;
}

std::vector<Life*> AlarmEngine::all() {
  std::vector<Life*> lives;
  for (auto& [source, of_source] : sources_) {
    for (auto& [key, life] : of_source) lives.push_back(&life);
  }
  return lives;
}

void AlarmEngine::restore(std::vector<Kept> raised, std::vector<Shelf> shelves, Moment now) {
  for (const Shelf& shelf : shelves) {
    if (shelf.camera.empty() && shelf.key.empty()) {
      site_shelved_until_ = shelf.until;
    } else {
      shelves_[{shelf.camera, shelf.plugin, shelf.key}] = shelf.until;
    }
  }
  for (Kept& kept : raised) {
    const SourceName source{kept.alarm.camera, kept.alarm.plugin};
    Life& life = sources_[source][kept.alarm.key];
    life.source = source;
    life.key = kept.alarm.key;
    life.phase = Phase::raised;
    life.reported = life.unknown = kept.alarm.active && !kept.held_until;
    if (kept.held_until) {
      life.held_until = now.mono + std::chrono::duration_cast<MonoTime::duration>(*kept.held_until - now.wall);
    }
    life.active_since = now.mono;
    life.told = std::move(kept.told);
    life.alarm = std::move(kept.alarm);
    by_id_[life.alarm.id] = &life;
    touched_.insert(life.alarm.id);
    if (!source.camera.empty()) camera(source.camera, now.mono);
  }
  for (Life* life : all()) {
    const std::string why = rules_.gone(life->source.camera, life->source.plugin);
    if (why.empty()) {
      settle(*life, now);
    } else {
      stop(*life, why, now);
    }
  }
}

void AlarmEngine::configured(Rulebook rules, Moment now) {
  const Rulebook before = std::exchange(rules_, std::move(rules));
  for (Life* life : all()) {
    const auto& [camera, plugin] = life->source;
    std::string why = rules_.gone(camera, plugin);
    const std::string& zone = life->alarm.zone;
    if (why.empty() && before.has_zone(camera, plugin, zone) && !rules_.has_zone(camera, plugin, zone)) why = "removed";
    if (!why.empty()) {
      stop(*life, why, now);
    } else {
      settle(*life, now);
    }
  }
  std::erase_if(cameras_, [this](const auto& camera) { return rules_.gone(camera.first, kDaemonPlugin) != ""; });
  std::erase_if(sources_, [](const auto& source) { return source.second.empty(); });
}

void AlarmEngine::stop(Life& life, const std::string& reason, Moment now) {
  life.reported = life.unknown = false;
  life.held_until.reset();
  end(life, reason, now);
}

AlarmEngine::Camera& AlarmEngine::camera(const std::string& id, MonoTime now) {
  return cameras_.try_emplace(id, Camera{false, now, false}).first->second;
}

void AlarmEngine::lose_cameras(Moment now) {
  for (auto& [id, camera] : cameras_) {
    if (camera.streaming || camera.lost || now.mono < camera.since + rules_.alarms().source_lost) continue;
    camera.lost = true;
    for (Life* life : all()) {
      if (life->source.camera == id && life->source.plugin != kDaemonPlugin) stop(*life, "source_lost", now);
    }
  }
}

std::optional<MonoTime> AlarmEngine::due() const {
  std::optional<MonoTime> due;
  const auto earlier = [&due](MonoTime time) { due = due ? std::min(*due, time) : time; };
  if (!timers_.empty()) earlier(timers_.begin()->first);
  for (const auto& [id, camera] : cameras_) {
    if (!camera.streaming && !camera.lost) earlier(camera.since + rules_.alarms().source_lost);
  }
  if (!own_settled_) earlier(started_ + kOwnGrace);
  return due;
}

void AlarmEngine::tick(Moment now) {
  while (!timers_.empty() && timers_.begin()->first <= now.mono) {
    Life& life = *timers_.begin()->second;
    schedule(life, std::nullopt);
    settle(life, now);
  }
  lose_cameras(now);
  end_site_shelf(now);
  std::erase_if(shelves_, [&](const auto& shelf) {
    if (shelf.second > now.wall) return false;
    const auto& [camera, plugin, key] = shelf.first;
    shelf_changes_.push_back({camera, plugin, key, WallTime{}});
    return true;
  });
  if (own_settled_ || now.mono < started_ + kOwnGrace) return;
  own_settled_ = true;
  for (Life* life : all()) {
    if (life->source.plugin != kDaemonPlugin || !life->unknown || of_transport(*life)) continue;
    life->reported = life->unknown = false;
    settle(*life, now);
  }
}

/// The camera's source speaks of these by itself, however late.
bool AlarmEngine::of_transport(const Life& life) {
  return !life.source.camera.empty() && life.key.starts_with("camera_");
}

bool AlarmEngine::quiet(const Life& life, Moment now) const {
  return (site_shelved_until_ && *site_shelved_until_ > now.wall) ||
         (life.alarm.shelved_until && *life.alarm.shelved_until > now.wall);
}

void AlarmEngine::acknowledge(const std::string& id, const std::string& who, Moment now) {
  Life* it = life(id);
  if (it == nullptr || it->phase != Phase::raised || it->alarm.acknowledged_at) return;
  it->alarm.acknowledged_at = whole_ms(now.wall);
  it->alarm.acknowledged_by = who;
  decide(*it, Type::acknowledged, now);
}

void AlarmEngine::put_shelf(const Shelf& shelf) {
  if (shelf.until == WallTime{}) {
    shelves_.erase({shelf.camera, shelf.plugin, shelf.key});
  } else {
    shelves_[{shelf.camera, shelf.plugin, shelf.key}] = shelf.until;
  }
  shelf_changes_.push_back(shelf);
}

void AlarmEngine::shelve(const Alarm& alarm, std::chrono::minutes time, Moment now) {
  const bool on = time.count() > 0;
  const WallTime until = on ? whole_ms(now.wall + time) : WallTime{};
  put_shelf({alarm.camera, alarm.plugin, alarm.key, until});
  Life* it = life(alarm.id);
  if (it == nullptr || it->phase != Phase::raised) return;
  if (!on && !it->alarm.shelved_until) return;
  it->alarm.shelved_until = on ? std::optional(until) : std::nullopt;
  decide(*it, Type::updated, now);
  settle(*it, now);
}

void AlarmEngine::unshelve(Life& life, Moment now) {
  if (!life.alarm.shelved_until || *life.alarm.shelved_until > now.wall) return;
  life.alarm.shelved_until.reset();
  decide(life, Type::updated, now);
}

void AlarmEngine::shelve_site(std::chrono::minutes time, Moment now) {
  site_shelved_until_ = whole_ms(now.wall + std::max(time, std::chrono::minutes{0}));
  shelf_changes_.push_back({"", "", "", time.count() > 0 ? *site_shelved_until_ : WallTime{}});
  end_site_shelf(now);
}

void AlarmEngine::end_site_shelf(Moment now) {
  if (!site_shelved_until_ || *site_shelved_until_ > now.wall) return;
  site_shelved_until_.reset();
  shelf_changes_.push_back({"", "", "", WallTime{}});
  for (Life* life : all()) {
    if (life->phase != Phase::raised || quiet(*life, now)) continue;
    std::vector<std::string> told = life->told;
    route(rules_.notify(), life->alarm, Type::updated, false, told);
    if (told.size() > life->told.size()) decide(*life, Type::updated, now);  // somebody has not heard of it yet
  }
}

bool AlarmEngine::clear(const std::string& id, Moment now) {
  Life* it = life(id);
  if (it == nullptr || it->phase != Phase::raised) return it == nullptr;
  if (it->active(now.mono)) return false;
  stop(*it, "operator", now);
  return true;
}

void AlarmEngine::evidence(const std::string& id, bool snapshot, bool clip, std::optional<WallTime> clip_from,
                           Moment now) {
  Life* it = life(id);
  if (it == nullptr || it->phase != Phase::raised) return;
  it->alarm.snapshot |= snapshot;
  it->alarm.clip |= clip;
  if (clip_from) it->alarm.clip_from = clip_from;
  decide(*it, Type::updated, now);
}

void AlarmEngine::evidence_gone(const std::string& id, bool snapshot, bool clip) {
  Life* it = life(id);
  if (it == nullptr) return;
  if (snapshot) it->alarm.snapshot = false;
  if (clip) it->alarm.clip = false;
  touched_.insert(id);
}

}  // namespace lynceus::daemon

#include "daemon/alarms/engine.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <tuple>
#include <utility>

namespace lynceus::daemon {
namespace {

using std::chrono::milliseconds;
using Type = AlarmChange::Type;
using Phase = Life::Phase;

constexpr const char* kTooMany = "too_many_conditions";

WallTime whole_ms(WallTime time) { return std::chrono::floor<milliseconds>(time); }

/// Monotonic time of a wall time, as the clocks stand now.
MonoTime mono_of(WallTime time, Moment now) {
  return now.mono + std::chrono::duration_cast<MonoTime::duration>(time - now.wall);
}
WallTime wall_of(MonoTime time, Moment now) {
  return whole_ms(now.wall + std::chrono::duration_cast<WallTime::duration>(time - now.mono));
}

/// Whether the value has not yet fallen back from its limit by the deadband.
bool within_band(const Life& life, const sdk::Condition& now, double deadband) {
  if (deadband <= 0 || !now.value || !now.limit) return false;
  const double band = deadband * std::abs(*now.limit);
  return life.above ? *now.value > *now.limit - band : *now.value < *now.limit + band;
}

void describe(Alarm& alarm, const sdk::Condition& condition) {
  alarm.summary = condition.summary;
  alarm.value = condition.value;
  alarm.limit = condition.limit;
  alarm.unit = condition.unit;
}

}  // namespace

AlarmEngine::AlarmEngine(Rulebook rules, Moment now) : rules_(std::move(rules)), started_(now.mono) {}

void AlarmEngine::conditions(const SourceName& source, std::span<const sdk::Condition> list, MonoTime captured,
                             Moment now) {
  if (Camera& it = camera(source.camera, now.mono); !it.streaming) it.since = now.mono;  // it must be there, then
  std::set<std::string> seen;
  std::size_t more = 0;
  for (const sdk::Condition& condition : list) {
    const std::string key = condition.key();
    if (seen.contains(key) && !condition.active) continue;
    Life* life = at(source, key, condition.active);
    if (life != nullptr) {
      seen.insert(key);
      say(*life, condition, condition.active, captured, now);
    } else if (condition.active) {
      ++more;
    }
  }
  std::vector<Life*> silent;
  for (auto& [key, life] : sources_[source]) {
    if (!seen.contains(key) && key != kTooMany && (life.reported || life.unknown)) silent.push_back(&life);
  }
  for (Life* life : silent) {
    life->reported = life->unknown = false;
    settle(*life, now);
  }
  if (!seen.contains(kTooMany)) too_many(source, more, now);  // else the plugin's host has said so
}

void AlarmEngine::too_many(const SourceName& source, std::size_t more, Moment now) {
  sdk::Condition condition;
  condition.kind = kTooMany;
  condition.active = more > 0;
  condition.summary = source.plugin + ": more than " + std::to_string(kMaxKeys) + " conditions, the rest is left out";
  const auto lives = sources_.find(source);
  const bool known = lives != sources_.end() && lives->second.contains(kTooMany);
  if (!known && more == 0) return;
  say(*at(source, kTooMany, true), condition, more > 0, {}, now);
}

Life* AlarmEngine::at(const SourceName& source, const std::string& key, bool make) {
  Lives& lives = sources_[source];
  if (const auto found = lives.find(key); found != lives.end()) return &found->second;
  if (!make) return nullptr;
  const std::size_t most = kMaxKeys + (key == kTooMany || lives.contains(kTooMany) ? 1 : 0);
  if (lives.size() >= most) {  // one that only remembers its past makes room
    const auto idle =
        std::find_if(lives.begin(), lives.end(), [](const auto& l) { return l.second.phase == Phase::idle; });
    if (idle == lives.end()) return nullptr;
    forget(idle->second);
  }
  Life& life = sources_[source][key];
  life.source = source;
  life.key = key;
  return &life;
}

void AlarmEngine::say(Life& life, const sdk::Condition& condition, bool active, MonoTime captured, Moment now) {
  const Rule rule = rules_.rule(condition.kind);
  const bool was = life.reported;
  if (!active && was && life.phase == Phase::raised) active = within_band(life, condition, rule.deadband);
  if (condition.active && condition.value && condition.limit) life.above = *condition.value >= *condition.limit;
  life.reported = active;
  life.unknown = false;
  if (active && life.phase == Phase::idle) {
    life.alarm = {};
    life.alarm.kind = condition.kind;
    life.alarm.zone = condition.zone;
    life.alarm.severity = rule.severity.value_or(condition.severity);
    life.captured = captured;
  }
  if (active) {
    describe(life.alarm, condition);
    const sdk::Severity severity = rule.severity.value_or(condition.severity);
    const bool worse = severity > life.alarm.severity;
    life.alarm.severity = std::max(life.alarm.severity, severity);
    if (life.phase != Phase::idle) touched_.insert(life.alarm.id);
    if (worse && life.phase == Phase::raised) decide(life, Type::updated, now);
  }
  settle(life, now);
}

void AlarmEngine::event(const SourceName& source, const sdk::Event& event, std::int64_t times, MonoTime captured,
                        Moment now) {
  const std::string key = event.zone.empty() ? event.kind : event.kind + ":" + event.zone;
  if (!rules_.armed(source.camera, source.plugin, now.wall)) return;
  Life* life = at(source, key, true);
  if (life == nullptr) return too_many(source, 1, now);
  const Rule rule = rules_.rule(event.kind);
  if (life->phase == Phase::idle) {
    life->alarm = {};
    life->alarm.kind = event.kind;
    life->alarm.zone = event.zone;
    life->alarm.severity = rule.severity.value_or(event.severity);
    life->alarm.count = times;
    life->captured = captured;
  } else {
    life->alarm.count += times;
  }
  life->alarm.summary = event.summary;
  life->held_until = now.mono + rule.hold;
  if (life->phase != Phase::idle) touched_.insert(life->alarm.id);
  settle(*life, now);
}

void AlarmEngine::camera_state(const std::string& id, ingest::TransportState state, const std::string& reason,
                               Moment now) {
  using ingest::TransportState;
  Camera& it = camera(id, now.mono);
  const bool streaming = state == TransportState::streaming;
  if (it.streaming != streaming) it.since = now.mono;
  it.streaming = streaming;
  if (streaming) it.lost = false;
  if (state == TransportState::connecting) return;  // an attempt says nothing yet
  struct Fault {
    TransportState state;
    const char* kind;
    sdk::Severity severity;
  };
  static constexpr std::array kFaults{
      Fault{TransportState::offline, "camera_offline", sdk::Severity::critical},
      Fault{TransportState::stalled, "camera_stalled", sdk::Severity::warning},
      Fault{TransportState::unauthorized, "camera_unauthorized", sdk::Severity::warning},
      Fault{TransportState::unsupported, "camera_unsupported", sdk::Severity::warning},
  };
  for (const Fault& fault : kFaults) {
    sdk::Condition condition;
    condition.kind = fault.kind;
    condition.active = state == fault.state;
    condition.severity = fault.severity;
    condition.summary = reason.empty() ? ingest::name(state) : std::string(ingest::name(state)) + ": " + reason;
    own(id, condition, now);
  }
}

void AlarmEngine::own(const std::string& camera, const sdk::Condition& condition, Moment now) {
  if (Life* life = at({camera, kDaemonPlugin}, condition.key(), condition.active)) {
    say(*life, condition, condition.active, {}, now);
  }
}

void AlarmEngine::settle(Life& life, Moment now) {
  const Rule rule = rules_.rule(life.alarm.kind);
  if (!rule.enabled || !rules_.gone(life.source.camera, life.source.plugin).empty()) {
    life.reported = life.unknown = false;
    life.held_until.reset();
    return end(life, "disabled", now);
  }
  const bool active = life.active(now.mono);
  if (life.phase == Phase::idle) {
    if (!active) return rest(life, now);
    begin(life, now);
  }
  if (life.phase == Phase::pending) {
    if (!active) return end(life, "condition", now);
    const MonoTime when = life.active_since + (life.held_until ? milliseconds{0} : rule.on_delay);
    if (now.mono < when) return schedule(life, when);
    // Not armed: looked at again with the next minute.
    if (!rules_.armed(life.source.camera, life.source.plugin, now.wall))
      return schedule(life, now.mono + std::chrono::minutes{1});
    raise(life, now);
  }
  settle_raised(life, rule, now);
}

void AlarmEngine::begin(Life& life, Moment now) {
  life.phase = Phase::pending;
  life.active_since = now.mono;
  life.inactive_since.reset();
  life.damped = false;
  life.told.clear();
  Alarm& alarm = life.alarm;
  alarm.id = ids_.next(now.wall);
  alarm.site = rules_.site();
  alarm.camera = life.source.camera;
  alarm.plugin = life.source.plugin;
  alarm.key = life.key;
  alarm.state = Alarm::State::pending;
  alarm.active = true;
  alarm.raised_at = whole_ms(now.wall);
  by_id_[alarm.id] = &life;
  touched_.insert(alarm.id);
}

void AlarmEngine::raise(Life& life, Moment now) {
  const auto& settings = rules_.alarms();
  life.phase = Phase::raised;
  life.raises.push_back(now.mono);
  while (life.raises.front() + settings.flap_window <= now.mono) life.raises.pop_front();
  life.damped = settings.flap_count > 0 && std::ssize(life.raises) > settings.flap_count;
  if (life.damped) life.raises.clear();  // quiet for the window clears it, and then it begins anew
  life.alarm.state = Alarm::State::raised;
  life.alarm.raised_at = whole_ms(now.wall);
  const auto shelf = shelves_.find({life.source.camera, life.source.plugin, life.key});
  if (shelf != shelves_.end() && shelf->second > now.wall) life.alarm.shelved_until = shelf->second;
  decide(life, Type::raised, now);
}

void AlarmEngine::settle_raised(Life& life, const Rule& rule, Moment now) {
  unshelve(life, now);
  std::optional<MonoTime> due;
  if (life.alarm.shelved_until) due = mono_of(*life.alarm.shelved_until, now);
  const auto earlier = [&due](MonoTime time) { due = due ? std::min(*due, time) : time; };
  if (life.active(now.mono)) {
    if (!life.alarm.active) {
      life.alarm.active = true;
      if (life.damped) ++life.alarm.count;
      touched_.insert(life.alarm.id);
    }
    life.inactive_since.reset();
    if (life.held_until && !life.reported) earlier(*life.held_until);
    return schedule(life, due);
  }
  if (life.alarm.active) {
    life.alarm.active = false;
    touched_.insert(life.alarm.id);
  }
  if (!life.inactive_since) life.inactive_since = now.mono;
  const milliseconds off = life.held_until ? milliseconds{0} : rule.off_delay;
  const MonoTime when = *life.inactive_since + (life.damped ? std::max(off, rules_.alarms().flap_window) : off);
  if (now.mono >= when) return end(life, "condition", now);
  earlier(when);
  schedule(life, due);
}

void AlarmEngine::end(Life& life, const std::string& reason, Moment now) {
  if (life.phase == Phase::idle) return rest(life, now);
  touched_.insert(life.alarm.id);
  by_id_.erase(life.alarm.id);
  if (life.phase == Phase::raised) {
    life.alarm.state = Alarm::State::cleared;
    life.alarm.active = false;
    life.alarm.cleared_at = whole_ms(now.wall);
    life.alarm.clear_reason = reason;
    decide(life, Type::cleared, now);
  }
  life.phase = Phase::idle;
  life.damped = false;
  life.held_until.reset();
  life.inactive_since.reset();
  rest(life, now);
}

/// Idle: kept for as long as its past tells whether it flaps.
void AlarmEngine::rest(Life& life, Moment now) {
  if (life.raises.empty() || life.raises.back() + rules_.alarms().flap_window <= now.mono) return forget(life);
  schedule(life, life.raises.back() + rules_.alarms().flap_window);
}

void AlarmEngine::forget(Life& life) {
  schedule(life, std::nullopt);
  const auto lives = sources_.find(life.source);
  const std::string key = life.key;
  lives->second.erase(key);
}

void AlarmEngine::decide(Life& life, Type type, Moment now) {
  Alarm& alarm = life.alarm;
  ++alarm.revision;
  Decision decision;
  decision.notices = route(rules_.notify(), alarm, type, quiet(life, now), life.told);
  decision.change = {type, alarm, whole_ms(now.wall), type == Type::raised ? life.captured : MonoTime{}};
  decision.told = life.told;
  if (life.held_until) decision.held_until = wall_of(*life.held_until, now);
  decisions_.push_back(std::move(decision));
  touched_.insert(alarm.id);
}

void AlarmEngine::schedule(Life& life, std::optional<MonoTime> due) {
  if (life.due == due) return;
  if (life.due) timers_.erase({*life.due, &life});
  life.due = due;
  if (due) timers_.insert({*due, &life});
}

}  // namespace lynceus::daemon

// What people and evidence ask of the desk's thread.
#include <utility>

#include "daemon/alarms/desk_thread.h"

namespace lynceus::daemon {

using Outcome = AlarmDesk::Result::Outcome;
using Type = AlarmChange::Type;

void DeskThread::answer(const AlarmDesk::Done& done, Outcome outcome, const std::string& id) {
  gather(moment());
  if (!done) return;
  // After what it asked for is written; the alarm as it is then.
  dones_.push_back([this, done, outcome, id] {
    AlarmDesk::Result result{outcome, std::nullopt};
    if (const Alarm* alarm = engine_.find(id)) {
      result.alarm = *alarm;
      result.alarm->durable = durable();
    } else if (auto over = id.empty() ? std::nullopt : kept(id)) {
      result.alarm = std::move(over->alarm);
      result.alarm->durable = durable();
    }
    done(result);
  });
}

void DeskThread::revise(Kept kept, Type type, Moment now) {
  ++kept.alarm.revision;
  Decision decision;
  decision.notices = route(engine_.rules().notify(), kept.alarm, type, true, kept.told);
  decision.change = {type, std::move(kept.alarm), std::chrono::floor<std::chrono::milliseconds>(now.wall), {}};
  decision.told = std::move(kept.told);
  add(decision, now);
}

void DeskThread::acknowledge(const std::string& id, const std::string& who, AlarmDesk::Done done, Moment now) {
  if (engine_.knows(id)) {
    engine_.acknowledge(id, who, now);
    return answer(done, Outcome::done, id);
  }
  auto over = kept(id);
  if (!over) return answer(done, Outcome::unknown, {});
  if (!over->alarm.acknowledged_at) {
    over->alarm.acknowledged_at = std::chrono::floor<std::chrono::milliseconds>(now.wall);
    over->alarm.acknowledged_by = who;
    revise(std::move(*over), Type::acknowledged, now);
  }
  answer(done, Outcome::done, id);
}

void DeskThread::shelve(const std::string& id, std::chrono::minutes time, const std::string& who, AlarmDesk::Done done,
                        Moment now) {
  const Alarm* known = engine_.find(id);
  const auto over = known != nullptr ? std::nullopt : kept(id);
  if (known == nullptr && !over) return answer(done, Outcome::unknown, {});
  const Alarm alarm = known != nullptr ? *known : over->alarm;
  log::info("alarms", "shelved", {{"alarm", id}, {"key", alarm.key}, {"minutes", time.count()}, {"by", who}});
  engine_.shelve(alarm, time, now);
  answer(done, Outcome::done, id);
}

void DeskThread::shelve_site(std::chrono::minutes time, const std::string& who, AlarmDesk::Done done, Moment now) {
  log::info("alarms", "the site is shelved", {{"minutes", time.count()}, {"by", who}});
  engine_.shelve_site(time, now);
  answer(done, Outcome::done, {});
}

void DeskThread::clear(const std::string& id, const std::string& who, AlarmDesk::Done done, Moment now) {
  if (!engine_.knows(id)) return answer(done, kept(id) ? Outcome::done : Outcome::unknown, id);
  const bool cleared = engine_.clear(id, now);
  if (cleared) log::info("alarms", "cleared by hand", {{"alarm", id}, {"by", who}});
  answer(done, cleared ? Outcome::done : Outcome::active, id);
}

void DeskThread::evidence(const std::string& id, bool snapshot, bool clip, std::optional<WallTime> clip_from,
                          Moment now) {
  if (engine_.knows(id)) {
    engine_.evidence(id, snapshot, clip, clip_from, now);
    return gather(now);
  }
  auto over = kept(id);
  if (!over) return;
  over->alarm.snapshot |= snapshot;
  over->alarm.clip |= clip;
  if (clip_from) over->alarm.clip_from = clip_from;
  revise(std::move(*over), Type::updated, now);
}

void DeskThread::evidence_gone(const std::vector<std::string>& ids, bool snapshots, bool clips) {
  for (const std::string& id : ids) {
    engine_.evidence_gone(id, snapshots, clips);
    auto it = kept(id);
    if (!it) continue;
    if (snapshots) it->alarm.snapshot = false;
    if (clips) it->alarm.clip = false;
    batch_.alarms[id] = std::move(*it);
    fresh_.insert(id);
  }
}

}  // namespace lynceus::daemon

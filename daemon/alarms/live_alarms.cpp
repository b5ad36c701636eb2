#include "daemon/alarms/live_alarms.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lynceus::daemon {
namespace {

constexpr std::size_t kMostAtOnce = 1000;

void finish(AlarmDesk::Page& page, std::size_t limit) {
  if (page.alarms.size() <= limit) return;
  page.alarms.resize(limit);
  page.next = text(place_of(page.alarms.back()));
}

}  // namespace

void LiveAlarms::update(const Update& update) {
  std::lock_guard lock(mutex_);
  for (const auto& [id, alarm] : update.shown) {
    if (alarm) {
      live_[id] = alarm;
    } else {
      live_.erase(id);
    }
  }
  if (update.all_written) unwritten_.clear();
  for (const auto& [id, alarm] : update.unwritten) unwritten_[id] = alarm;
  for (const std::string& id : update.forgotten) unwritten_.erase(id);
  site_shelved_until_ = update.site_shelved_until;
}

std::vector<Alarm> LiveAlarms::raised() const {
  std::vector<Shown> shown;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, alarm] : live_) shown.push_back(alarm);
  }
  std::vector<Alarm> raised;
  for (const Shown& alarm : shown) {
    if (alarm->state == Alarm::State::raised) raised.push_back(*alarm);
  }
  return raised;
}

LiveAlarms::Shown LiveAlarms::find(const std::string& id) const {
  std::lock_guard lock(mutex_);
  for (const Map* map : {&live_, &unwritten_}) {
    if (const auto found = map->find(id); found != map->end()) return found->second;
  }
  return nullptr;
}

std::optional<WallTime> LiveAlarms::site_shelved_until() const {
  std::lock_guard lock(mutex_);
  return site_shelved_until_;
}

/// What lies above the stored ones and matches, newest first; `live` becomes all that is shown in place of stored ones.
std::vector<LiveAlarms::Shown> LiveAlarms::above(const AlarmDesk::Query& query, Map& live) const {
  const bool pending = query.state == Alarm::State::pending;
  std::vector<Shown> above;
  {
    std::lock_guard lock(mutex_);
    live = live_;
    for (const auto& [id, alarm] : unwritten_) {
      if (!pending) above.push_back(live.contains(id) ? live[id] : alarm);
      live.emplace(id, alarm);
    }
    if (pending) {
      for (const auto& [id, alarm] : live_) above.push_back(alarm);
    }
  }
  std::erase_if(above, [&](const Shown& alarm) { return !matches(query, *alarm); });
  std::sort(above.begin(), above.end(), [](const Shown& a, const Shown& b) { return place_of(*a) > place_of(*b); });
  return above;
}

AlarmDesk::Page LiveAlarms::list(const AlarmDesk::Query& query, AlarmReader& reader) const {
  if (!query.cursor.empty()) parse_cursor(query.cursor);  // complains before any work
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, kMostAtOnce);
  Map live;
  const std::vector<Shown> extra = above(query, live);
  std::set<std::string> of_extra;
  for (const Shown& alarm : extra) of_extra.insert(alarm->id);

  AlarmDesk::Page page;
  auto next = extra.begin();
  const auto full = [&] { return page.alarms.size() > limit; };
  if (query.state != Alarm::State::pending) {
    reader.walk(query, [&](Alarm alarm) {
      if (of_extra.contains(alarm.id)) return true;
      if (const auto newer = live.find(alarm.id); newer != live.end()) {
        if (!matches(query, *newer->second)) return true;
        alarm = *newer->second;
      }
      while (next != extra.end() && !full() && place_of(**next) > place_of(alarm)) page.alarms.push_back(**next++);
      if (!full()) page.alarms.push_back(std::move(alarm));
      return !full();
    });
  }
  while (next != extra.end() && !full()) page.alarms.push_back(**next++);
  finish(page, limit);
  return page;
}

}  // namespace lynceus::daemon

#include "daemon/alarms/desk_outbox.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/log.h"

namespace lynceus::daemon {
namespace {

bool fits(const AlarmReader::RowQuery& query, const Owed& owed) {
  return owed.row > query.after && (query.sink.empty() || query.sink == owed.sink) &&
         (query.alarm.empty() || query.alarm == owed.change.alarm.id) && (!query.state || *query.state == owed.state);
}

}  // namespace

DeskOutbox::DeskOutbox(AlarmReader& reader, std::function<void(std::function<void()>)> post, std::function<void()> wake)
    : reader_(reader), post_(std::move(post)), wake_(std::move(wake)) {}

DeskOutbox::Overlay DeskOutbox::overlay() const {
  std::lock_guard lock(mutex_);
  Overlay overlay{shown_, taken_, taken_gone_};
  for (const auto& [row, change] : reported_) overlay.changed[row] = change;
  overlay.gone.insert(gone_.begin(), gone_.end());
  return overlay;
}

std::vector<Owed> DeskOutbox::read(const AlarmReader::RowQuery& query, std::size_t limit) {
  // The overlay first: what is written meanwhile is then seen twice, never missed.
  const Overlay above = overlay();
  std::map<std::int64_t, Owed> found;
  const auto offer = [&](Owed owed) {
    if (above.gone.contains(owed.row)) return;
    if (const auto change = above.changed.find(owed.row); change != above.changed.end()) apply(change->second, owed);
    if (fits(query, owed)) found.emplace(owed.row, std::move(owed));
  };
  try {
    reader_.walk_rows(query, [&](Owed owed) {
      offer(std::move(owed));
      return found.size() < limit;
    });
    for (const auto& [row, change] : above.changed) {  // stored with another state
      if (!change.moved || row <= query.after || above.rows.contains(row)) continue;
      if (auto owed = reader_.row(row)) offer(std::move(*owed));
    }
  } catch (const DatabaseError& e) {
    log::error("alarms", "what is owed cannot be read", {{"why", e.what()}});
  }
  for (auto row = above.rows.upper_bound(query.after); row != above.rows.end(); ++row) offer(row->second);
  std::vector<Owed> rows;
  for (auto& [number, owed] : found) {
    if (rows.size() == limit) break;
    rows.push_back(std::move(owed));
  }
  return rows;
}

std::vector<Owed> DeskOutbox::pending(const std::string& sink, std::int64_t after, std::size_t limit) {
  return limit == 0 ? std::vector<Owed>{} : read({sink, {}, Owed::State::pending, after}, limit);
}

Outbox::Backlog DeskOutbox::backlog(const std::string& sink) {
  const Overlay above = overlay();
  Backlog backlog;
  try {
    backlog = reader_.backlog(sink);
  } catch (const DatabaseError& e) {
    log::error("alarms", "what is owed cannot be counted", {{"why", e.what()}});
  }
  for (const auto& [number, owed] : above.rows) {
    if (owed.sink != sink) continue;
    ++(owed.state == Owed::State::pending ? backlog.pending : backlog.failed);
    if (owed.state == Owed::State::pending && !backlog.oldest) backlog.oldest = owed.since;
  }
  return backlog;
}

void DeskOutbox::delivered(const std::string&, const std::vector<std::int64_t>& rows) {
  {
    std::lock_guard lock(mutex_);
    for (const std::int64_t row : rows) {
      reported_.erase(row);
      shown_.erase(row);
      gone_.insert(row);
    }
  }
  wake_();
}

void DeskOutbox::change(std::int64_t row, RowChange what) {
  std::lock_guard lock(mutex_);
  if (gone_.contains(row)) return;
  for (const auto* earlier : {&taken_, &reported_}) {
    if (const auto found = earlier->find(row); found != earlier->end()) what.moved = what.moved || found->second.moved;
  }
  reported_[row] = what;
  if (const auto mine = shown_.find(row); mine != shown_.end()) apply(what, mine->second);
}

void DeskOutbox::refused(const std::string& sink, std::int64_t row, const std::string& why, WallTime next) {
  const auto now = read({sink, {}, std::nullopt, row - 1}, 1);
  if (now.empty() || now.front().row != row) return;
  change(row, {now.front().state, now.front().attempts + 1, why, next});
  wake_();
}

void DeskOutbox::park(const std::string& sink, const std::string& alarm, const std::string& why) {
  for (const Owed& owed : read({sink, alarm, Owed::State::pending, 0}, SIZE_MAX)) {
    change(owed.row, {Owed::State::failed, owed.attempts, why, std::nullopt, true});
  }
  wake_();
}

Outbox::Page DeskOutbox::list(std::optional<Owed::State> state, const std::string& sink, std::int64_t after,
                              std::size_t limit) {
  Page page{read({sink, {}, state, after}, limit + 1), std::nullopt};
  if (page.rows.size() > limit) {
    page.rows.resize(limit);
    if (!page.rows.empty()) page.next = page.rows.back().row;
  }
  return page;
}

void DeskOutbox::replay(std::int64_t row, std::function<void(bool)> done) {
  post_([this, row, done = std::move(done)] {
    const auto now = read({{}, {}, std::nullopt, row - 1}, 1);
    const bool there = !now.empty() && now.front().row == row;
    if (there) change(row, {Owed::State::pending, now.front().attempts, now.front().last_error, std::nullopt, true});
    done(there);
    if (there) owed({now.front().sink});
  });
}

void DeskOutbox::on_owed(std::function<void(const std::vector<std::string>& sinks)> wake) {
  std::lock_guard lock(mutex_);
  on_owed_ = std::move(wake);
}

bool DeskOutbox::has_reports() const {
  std::lock_guard lock(mutex_);
  return !reported_.empty() || !gone_.empty();
}

void DeskOutbox::take_reports(Batch& batch) {
  std::lock_guard lock(mutex_);
  for (auto& [row, what] : reported_) {
    batch.change(row, what);
    taken_[row] = std::move(what);
  }
  for (const std::int64_t row : gone_) {
    batch.deliver(row);
    taken_gone_.insert(row);
  }
  reported_.clear();
  gone_.clear();
}

void DeskOutbox::show(const Owed& row) {
  std::lock_guard lock(mutex_);
  if (!gone_.contains(row.row)) shown_.emplace(row.row, row);
}

void DeskOutbox::show_only(const std::map<std::int64_t, Owed>& rows) {
  std::lock_guard lock(mutex_);
  std::erase_if(shown_, [&](const auto& shown) { return !rows.contains(shown.first); });
}

void DeskOutbox::written() {
  std::lock_guard lock(mutex_);
  shown_.clear();
  taken_.clear();
  taken_gone_.clear();
}

void DeskOutbox::owed(const std::vector<std::string>& sinks) const {
  std::function<void(const std::vector<std::string>&)> tell;
  {
    std::lock_guard lock(mutex_);
    tell = on_owed_;
  }
  if (tell && !sinks.empty()) tell(sinks);
}

}  // namespace lynceus::daemon

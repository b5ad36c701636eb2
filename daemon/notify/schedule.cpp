#include "daemon/notify/schedule.h"

#include <algorithm>
#include <utility>

namespace lynceus::daemon::notify {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kPage = 256;          // rows read at once, and about as many held ready
constexpr int kPagesAtOnce = 8;             // so that a look never takes long
constexpr std::size_t kMostWaiting = 1024;  // batches; beyond them nothing new is begun
constexpr int kFailuresInARow = 10;
constexpr milliseconds kLookAgain{250};
constexpr seconds kBelieveDelivered{60}, kBelieveParked{2};
constexpr std::chrono::hours kRefusedFor{1};

bool of_the_sink(const Verdict& verdict) {
  return verdict.kind == Verdict::Kind::unreachable || verdict.kind == Verdict::Kind::slow_down;
}

}  // namespace

Schedule::Schedule(Settings settings, Outbox& outbox, std::function<double()> random)
    : settings_(std::move(settings)), outbox_(outbox), random_(std::move(random)) {}

void Schedule::owed() {
  more_ = true;        // behind the cursor
  look_again_ = true;  // before it: a replay
}

void Schedule::hurry() {
  rest_until_ = {};
  for (Waiting& waiting : waiting_) waiting.due = {};
}

bool Schedule::may_send(const Now& now, std::size_t most_under_way) const {
  if (now.mono < rest_until_ || now.mono < next_send_) return false;
  return under_way_.size() < (careful_ ? 1 : most_under_way);
}

std::optional<Parcel> Schedule::next(const Now& now, std::size_t most_under_way) {
  if (!may_send(now, most_under_way)) return {};
  refill(now);
  if (auto again = due_again(now)) return again;
  return waiting_.size() < kMostWaiting ? fresh(now) : std::nullopt;
}

MonoTime Schedule::wake_at(const Now& now, std::size_t most_under_way) const {
  if (under_way_.size() >= (careful_ ? 1 : most_under_way)) return MonoTime::max();
  MonoTime at = MonoTime::max();
  for (const Waiting& waiting : waiting_) at = std::min(at, waiting.due);
  if (waiting_.size() < kMostWaiting) {
    const bool ready = std::any_of(ready_.begin(), ready_.end(), [&](const Owed& row) { return may_go(row); });
    if (ready) at = std::min(at, group_ends_.value_or(now.mono));
    if (more_ && ready_.size() < kPage) at = now.mono;
    if (look_again_) at = std::min(at, looked_ ? last_look_ + kLookAgain : now.mono);
  }
  return at == MonoTime::max() ? at : std::max({at, rest_until_, next_send_});
}

std::optional<Parcel> Schedule::due_again(const Now& now) {
  const auto first = std::min_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
    return std::pair(a.due, a.batch.rows.front().row) < std::pair(b.due, b.batch.rows.front().row);
  });
  if (first == waiting_.end() || first->due > now.mono) return {};
  Waiting waiting = std::move(*first);
  waiting_.erase(first);
  return send(std::move(waiting), now);
}

/// What was never tried: one row, or all that came within the group's time.
std::optional<Parcel> Schedule::fresh(const Now& now) {
  auto at = std::find_if(ready_.begin(), ready_.end(), [&](const Owed& row) { return may_go(row); });
  if (at == ready_.end()) {
    group_ends_.reset();
    return {};
  }
  if (settings_.group.count() > 0) {
    if (!group_ends_) group_ends_ = now.mono + settings_.group;
    if (now.mono < *group_ends_) return {};
    group_ends_.reset();
  }
  const std::size_t most = settings_.group.count() > 0 ? settings_.most_in_group : 1;
  Waiting waiting;
  waiting.attempts = at->attempts;
  while (at != ready_.end() && waiting.batch.rows.size() < most) {
    if (may_go(*at)) {
      waiting.batch.rows.push_back(std::move(*at));
      at = ready_.erase(at);
    } else {
      ++at;
    }
  }
  return send(std::move(waiting), now);
}

Parcel Schedule::send(Waiting waiting, const Now& now) {
  waiting.batch.id = ++last_batch_;
  for (const Owed& row : waiting.batch.rows) busy_.insert(row.change.alarm.id);
  if (settings_.rate_per_s > 0) {
    next_send_ = now.mono + std::chrono::duration_cast<MonoTime::duration>(
                                std::chrono::duration<double>(1 / settings_.rate_per_s));
  }
  Parcel out = waiting.batch;
  under_way_.emplace(out.id, std::move(waiting));
  return out;
}

// ---- results -------------------------------------------------------------------------------------------------------

Schedule::Report Schedule::done(std::uint64_t batch, const Verdict& verdict, const Now& now) {
  const auto found = under_way_.find(batch);
  if (found == under_way_.end()) return {};
  Waiting waiting = std::move(found->second);
  under_way_.erase(found);
  const std::size_t rows = waiting.batch.rows.size();
  for (const Owed& row : waiting.batch.rows) busy_.erase(row.change.alarm.id);
  if (verdict.kind == Verdict::Kind::delivered) {
    failures_ = 0;
    careful_ = false;
    finish(waiting.batch, now);
    return {rows, 0, 0};
  }
  ++failures_;
  ++waiting.attempts;
  waiting.since = now.mono;
  if (verdict.kind == Verdict::Kind::refused) {
    if (!waiting.refused_since) waiting.refused_since = now.mono;
    if (now.mono - *waiting.refused_since >= kRefusedFor) return {0, 0, park(waiting, verdict.why, now)};
  }
  rest(verdict, now);
  if (verdict.kind != Verdict::Kind::refused) {
    wait_again(std::move(waiting), verdict, now);
  } else {
    for (Waiting& part : by_alarm(std::move(waiting))) wait_again(std::move(part), verdict, now);
  }
  return {0, rows, 0};
}

void Schedule::finish(const Parcel& batch, const Now& now) {
  std::vector<std::int64_t> rows;
  for (const Owed& row : batch.rows) {
    rows.push_back(row.row);
    settle(row.row, now.mono + kBelieveDelivered);
    let_go(row.change.alarm.id);
  }
  outbox_.delivered(settings_.sink, rows);
}

/// Nothing of this alarm fails any more; what was passed over is read now, before anything later is.
void Schedule::let_go(const std::string& alarm) {
  failing_.erase(alarm);
  if (passed_over_.erase(alarm) == 0) return;
  look_again_ = true;
  looked_ = false;
}

void Schedule::wait_again(Waiting waiting, const Verdict& verdict, const Now& now) {
  const auto wait = verdict.wait.value_or(backoff(waiting.attempts, random_()));
  waiting.due = of_the_sink(verdict) ? rest_until_ : now.mono + wait;
  const WallTime next = now.wall + std::chrono::duration_cast<WallTime::duration>(waiting.due - now.mono);
  for (const Owed& row : waiting.batch.rows) {
    outbox_.refused(settings_.sink, row.row, verdict.why, next);
    failing_.insert(row.change.alarm.id);
    drop_ready(row.change.alarm.id);
  }
  waiting_.push_back(std::move(waiting));
}

/// The whole sink, when the trouble is not of what was sent.
void Schedule::rest(const Verdict& verdict, const Now& now) {
  const bool of_all = failures_ >= kFailuresInARow && waiting_.size() + 1 >= static_cast<std::size_t>(kFailuresInARow);
  if (!of_the_sink(verdict) && !of_all) return;
  const int attempts = of_the_sink(verdict) ? failures_ : failures_ - kFailuresInARow + 1;
  const auto wait = verdict.wait.value_or(backoff(attempts, random_()));
  rest_until_ = std::max(rest_until_, now.mono + wait);
  careful_ = true;
}

std::size_t Schedule::park(const Waiting& waiting, const std::string& why, const Now& now) {
  std::set<std::string> alarms;
  for (const Owed& row : waiting.batch.rows) {
    alarms.insert(row.change.alarm.id);
    settle(row.row, now.mono + kBelieveParked);
  }
  for (const std::string& alarm : alarms) {
    outbox_.park(settings_.sink, alarm, why);  // and what waits behind
    for (const Owed& row : ready_) {
      if (row.change.alarm.id == alarm) settled_[row.row] = now.mono + kBelieveParked;
    }
    drop_ready(alarm);
    failing_.erase(alarm);
    passed_over_.erase(alarm);
  }
  return waiting.batch.rows.size();
}

/// A group that is refused: who of them is to blame shows when they go alone.
std::vector<Schedule::Waiting> Schedule::by_alarm(Waiting waiting) {
  std::vector<Waiting> parts;
  for (Owed& row : waiting.batch.rows) {
    const auto same = std::find_if(parts.begin(), parts.end(), [&](const Waiting& part) {
      return part.batch.rows.front().change.alarm.id == row.change.alarm.id;
    });
    if (same != parts.end()) {
      same->batch.rows.push_back(std::move(row));
      continue;
    }
    Waiting part;
    part.attempts = waiting.attempts;
    part.since = waiting.since;
    part.refused_since = waiting.refused_since;
    part.batch.rows.push_back(std::move(row));
    parts.push_back(std::move(part));
  }
  return parts;
}

void Schedule::drop_ready(const std::string& alarm) {
  std::erase_if(ready_, [&](const Owed& row) {
    if (row.change.alarm.id != alarm) return false;
    held_.erase(row.row);
    passed_over_.insert(alarm);
    return true;
  });
}

void Schedule::settle(std::int64_t row, MonoTime until) {
  held_.erase(row);
  settled_[row] = until;
}

// ---- reading -------------------------------------------------------------------------------------------------------

void Schedule::refill(const Now& now) {
  if (look_again_ && (!looked_ || now.mono - last_look_ >= kLookAgain)) {
    look_again_ = false;
    looked_ = true;
    last_look_ = now.mono;
    cursor_ = 0;
    more_ = true;
  }
  for (int page = 0; page < kPagesAtOnce && more_ && ready_.size() < kPage; ++page) load(now);
}

void Schedule::load(const Now& now) {
  const std::int64_t after = cursor_;
  std::vector<Owed> page = outbox_.pending(settings_.sink, after, kPage);
  more_ = page.size() == kPage;
  if (!page.empty()) cursor_ = page.back().row;
  forget_settled(after, page, !more_, now);
  for (Owed& row : page) {
    if (!known(row.row)) take(std::move(row), now);
    else look_at_waiting(row, now);
  }
}

void Schedule::take(Owed row, const Now& now) {
  const std::string& alarm = row.change.alarm.id;
  if (failing_.contains(alarm)) {
    passed_over_.insert(alarm);
    return;
  }
  held_.insert(row.row);
  if (!row.next_attempt || *row.next_attempt <= now.wall || busy_.contains(alarm)) {
    // In order of row, also when a replay or an earlier row of an alarm comes late.
    const auto at = std::upper_bound(ready_.begin(), ready_.end(), row.row,
                                     [](std::int64_t value, const Owed& other) { return value < other.row; });
    ready_.insert(at, std::move(row));
    return;
  }
  failing_.insert(alarm);
  Waiting waiting;
  waiting.attempts = row.attempts;
  waiting.since = now.mono;
  waiting.due = now.mono + std::chrono::duration_cast<MonoTime::duration>(*row.next_attempt - now.wall);
  waiting.batch.rows.push_back(std::move(row));
  waiting_.push_back(std::move(waiting));
}

/// A row that waits here but is due at once over there was replayed.
void Schedule::look_at_waiting(const Owed& row, const Now& now) {
  if (row.next_attempt) return;
  for (Waiting& waiting : waiting_) {
    const bool same = std::any_of(waiting.batch.rows.begin(), waiting.batch.rows.end(),
                                  [&](const Owed& other) { return other.row == row.row; });
    if (!same || now.mono - waiting.since < kBelieveParked) continue;
    waiting.due = now.mono;
    rest_until_ = std::min(rest_until_, now.mono);
  }
}

/// Reports that were written: their rows are no longer there.
void Schedule::forget_settled(std::int64_t after, const std::vector<Owed>& page, bool last, const Now& now) {
  const auto from = settled_.upper_bound(after);
  const auto to = last ? settled_.end() : settled_.upper_bound(page.back().row);
  for (auto at = from; at != to;) {
    const bool there = std::any_of(page.begin(), page.end(), [&](const Owed& row) { return row.row == at->first; });
    at = there && at->second > now.mono ? std::next(at) : settled_.erase(at);
  }
}

}  // namespace lynceus::daemon::notify

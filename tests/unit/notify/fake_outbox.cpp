#include "tests/unit/notify/fake_outbox.h"

#include <utility>

namespace lynceus::test {

using daemon::Owed;

daemon::AlarmChange change_of(int alarm, std::int64_t revision, daemon::AlarmChange::Type type) {
  daemon::AlarmChange out;
  out.type = type;
  out.at = WallTime{std::chrono::seconds{1'800'000'000}};
  out.alarm.id = "a" + std::to_string(alarm);
  out.alarm.revision = revision;
  out.alarm.site = "works";
  out.alarm.camera = "door";
  out.alarm.plugin = "people";
  out.alarm.kind = "dwell";
  out.alarm.key = "dwell:gate";
  out.alarm.zone = "gate";
  out.alarm.summary = "someone stays";
  const bool cleared = type == daemon::AlarmChange::Type::cleared;
  out.alarm.state = cleared ? daemon::Alarm::State::cleared : daemon::Alarm::State::raised;
  out.alarm.active = !cleared;
  out.alarm.raised_at = out.at;
  if (cleared) out.alarm.cleared_at = out.at + std::chrono::seconds{5};
  return out;
}

std::int64_t FakeOutbox::owe(const std::string& sink, daemon::AlarmChange change, WallTime since) {
  std::lock_guard lock(mutex_);
  Owed owed;
  owed.row = ++last_;
  owed.sink = sink;
  owed.change = std::move(change);
  owed.since = since;
  rows_.emplace(owed.row, owed);
  return owed.row;
}

std::vector<Owed> FakeOutbox::pending(const std::string& sink, std::int64_t after, std::size_t limit) {
  std::lock_guard lock(mutex_);
  ++reads_;
  std::vector<Owed> out;
  for (auto at = rows_.upper_bound(after); at != rows_.end() && out.size() < limit; ++at) {
    if (at->second.sink == sink && at->second.state == Owed::State::pending) out.push_back(at->second);
  }
  return out;
}

daemon::Outbox::Backlog FakeOutbox::backlog(const std::string& sink) {
  std::lock_guard lock(mutex_);
  Backlog out;
  for (const auto& [number, owed] : rows_) {
    if (owed.sink == sink) ++(owed.state == Owed::State::pending ? out.pending : out.failed);
  }
  return out;
}

void FakeOutbox::delivered(const std::string&, const std::vector<std::int64_t>& rows) {
  std::lock_guard lock(mutex_);
  for (const std::int64_t row : rows) {
    if (rows_.erase(row) > 0) delivered_.push_back(row);
  }
}

void FakeOutbox::refused(const std::string&, std::int64_t row, const std::string& why, WallTime next) {
  std::lock_guard lock(mutex_);
  ++refusals_;
  const auto found = rows_.find(row);
  if (found == rows_.end()) return;
  ++found->second.attempts;
  found->second.last_error = why;
  found->second.next_attempt = next;
}

void FakeOutbox::park(const std::string& sink, const std::string& alarm, const std::string& why) {
  std::lock_guard lock(mutex_);
  for (auto& [number, owed] : rows_) {
    if (owed.sink != sink || owed.change.alarm.id != alarm) continue;
    owed.state = Owed::State::failed;
    owed.last_error = why;
  }
}

daemon::Outbox::Page FakeOutbox::list(std::optional<Owed::State> state, const std::string& sink, std::int64_t after,
                                      std::size_t limit) {
  std::lock_guard lock(mutex_);
  Page page;
  for (auto at = rows_.upper_bound(after); at != rows_.end() && page.rows.size() < limit; ++at) {
    const Owed& owed = at->second;
    if ((sink.empty() || owed.sink == sink) && (!state || owed.state == *state)) page.rows.push_back(owed);
  }
  return page;
}

void FakeOutbox::replay(std::int64_t row, std::function<void(bool)> done) {
  bool there = false;
  {
    std::lock_guard lock(mutex_);
    const auto found = rows_.find(row);
    there = found != rows_.end();
    if (there) {
      found->second.state = Owed::State::pending;
      found->second.next_attempt.reset();
    }
  }
  done(there);
}

void FakeOutbox::on_owed(std::function<void(const std::vector<std::string>& sinks)> wake) {
  std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void FakeOutbox::ring(const std::string& sink) {
  std::function<void(const std::vector<std::string>&)> wake;
  {
    std::lock_guard lock(mutex_);
    wake = wake_;
  }
  if (wake) wake({sink});
}

std::optional<Owed> FakeOutbox::row(std::int64_t number) const {
  std::lock_guard lock(mutex_);
  const auto found = rows_.find(number);
  return found == rows_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::int64_t> FakeOutbox::deliveries() const {
  std::lock_guard lock(mutex_);
  return delivered_;
}

std::size_t FakeOutbox::reads() const {
  std::lock_guard lock(mutex_);
  return reads_;
}

std::size_t FakeOutbox::refusals() const {
  std::lock_guard lock(mutex_);
  return refusals_;
}

}  // namespace lynceus::test

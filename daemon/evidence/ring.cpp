#include "daemon/evidence/ring.h"

#include <algorithm>
#include <utility>

namespace lynceus::daemon {
namespace {

constexpr std::size_t kPartBytes = std::size_t{4} << 20;

}  // namespace

/// How many units the first group has.
std::size_t Ring::front_group() const {
  return keys_.size() < 2 ? entries_.size() : static_cast<std::size_t>(keys_[1] - first_);
}

/// A later group covers all that is asked for, or the bounds say so.
bool Ring::front_group_may_go(MonoTime now) const {
  if (entries_.empty()) return false;
  if (bytes_ > settings_.bytes || now - entries_.front().unit.arrived > settings_.time) return true;
  const std::size_t second = front_group();
  return second < entries_.size() && now - entries_[second].unit.arrived > settings_.keep;
}

void Ring::drop_front_group(std::deque<Entry>& dropped) {
  const std::size_t count = front_group();
  for (std::size_t i = 0; i < count; ++i) {
    bytes_ -= entries_.front().unit.bytes;
    dropped.push_back(std::move(entries_.front()));
    entries_.pop_front();
  }
  first_ += count;
  keys_.pop_front();
}

void Ring::on_unit(ingest::EncodedUnit unit) {
  std::deque<Entry> dropped;  // freed after the lock
  std::lock_guard lock(mutex_);
  const bool changed =
      !entries_.empty() && entries_.back().unit.format != unit.format && *entries_.back().unit.format != *unit.format;
  if (changed) ++run_;
  const bool continues = !entries_.empty() && entries_.back().run == run_;
  if (!unit.key && !continues) return;  // nothing to decode it with
  if (unit.key) keys_.push_back(first_ + entries_.size());
  bytes_ += unit.bytes;
  const MonoTime now = unit.arrived;
  entries_.push_back({std::move(unit), run_});
  while (front_group_may_go(now)) drop_front_group(dropped);
}

void Ring::on_break() {
  std::lock_guard lock(mutex_);
  ++run_;
}

std::optional<Ring::Place> Ring::begin(MonoTime from) const {
  std::lock_guard lock(mutex_);
  const auto after = std::partition_point(entries_.begin(), entries_.end(),
                                          [&](const Entry& entry) { return entry.unit.arrived < from; });
  if (after == entries_.end()) return std::nullopt;
  const auto place = [&](std::deque<Entry>::const_iterator at) {
    return Place{first_ + static_cast<std::uint64_t>(at - entries_.begin()), at->run, at->unit.arrived};
  };
  for (auto at = after; at != entries_.begin();) {
    --at;
    if (at->run != after->run) break;
    if (at->unit.key) return place(at);
  }
  const auto key = std::find_if(after, entries_.end(), [](const Entry& entry) { return entry.unit.key; });
  if (key == entries_.end()) return std::nullopt;
  return place(key);
}

Ring::Part Ring::read(const Place& place, MonoTime until) const {
  Part part;
  part.next = place;
  std::lock_guard lock(mutex_);
  part.over = place.number < first_ || place.run > run_;
  std::size_t bytes = 0;
  while (!part.over && bytes < kPartBytes && part.next.number < first_ + entries_.size()) {
    const Entry& entry = entries_[static_cast<std::size_t>(part.next.number - first_)];
    part.over = entry.run != place.run || entry.unit.arrived > until;
    if (part.over) break;
    bytes += entry.unit.bytes;
    part.units.push_back(entry.unit);
    ++part.next.number;
  }
  if (part.next.number == first_ + entries_.size() && run_ != place.run) part.over = true;
  return part;
}

std::size_t Ring::bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace lynceus::daemon

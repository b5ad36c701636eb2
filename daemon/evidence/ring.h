// The last seconds of one camera's coded pictures in memory, so that a clip can begin before its alarm.
//
// Whole groups of pictures, the oldest going first: what cannot be decoded without its keyframe is worth nothing. It
// keeps `keep` and the group that was running then, never more than `bytes` and `time`; a group that alone is larger is
// given up until the next keyframe. Nothing is copied: a unit shares GStreamer's memory.
// Owner: Evidence and the camera's source. Thread: any; on_unit() is a few hundred nanoseconds.
//
//   if (auto at = ring.begin(raised - 5s)) for (auto part = ring.read(*at, until); …) write(part.units);
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "pipeline/ingest/encoded.h"

namespace lynceus::daemon {

class Ring final : public ingest::EncodedSink {
 public:
  struct Settings {
    std::size_t bytes = std::size_t{32} << 20;
    MonoTime::duration time = std::chrono::seconds{60};
    MonoTime::duration keep = std::chrono::seconds{10};
  };
  explicit Ring(const Settings& settings) : settings_(settings) {}

  void on_unit(ingest::EncodedUnit unit) override;
  void on_break() override;

  /// Where to read on.
  struct Place {
    std::uint64_t number = 0, run = 0;
    MonoTime arrived{};  ///< of the unit there
  };
  /// The keyframe at or before `from`, else the first after it; nothing when none has come yet.
  std::optional<Place> begin(MonoTime from) const;

  struct Part {
    std::vector<ingest::EncodedUnit> units;
    Place next;
    bool over = false;  ///< nothing more will come: `until` was reached, the stream broke or changed, units were lost
  };
  /// What came from `place` on, up to the first unit that arrived after `until` and some megabytes at a time.
  Part read(const Place& place, MonoTime until) const;

  std::size_t bytes() const;

 private:
  struct Entry {
    ingest::EncodedUnit unit;
    std::uint64_t run = 0;
  };
  void drop_front_group(std::deque<Entry>& dropped);
  bool front_group_may_go(MonoTime now) const;
  std::size_t front_group() const;

  const Settings settings_;
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;       // guarded by mutex_; begins with a keyframe
  std::deque<std::uint64_t> keys_;  // guarded by mutex_; numbers of the keyframes in entries_
  std::uint64_t first_ = 0;         // guarded by mutex_; number of entries_.front()
  std::uint64_t run_ = 0;           // guarded by mutex_; units of one run belong together
  std::size_t bytes_ = 0;           // guarded by mutex_
};

}  // namespace lynceus::daemon

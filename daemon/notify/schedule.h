// What a sink is sent when: reads what is owed from the Outbox, hands out batches, and learns what became of them.
//
// Rows of one alarm go in order, one batch at a time; an alarm that waits for its next attempt does not hold up others.
// A sink that cannot be reached, or asks for peace, rests as a whole, then is tried with one batch until one passes; so
// does a sink that refused ten different batches in a row. Memory is bounded however much is owed.
// Nothing here waits or looks at a clock: the owner says what time it is. Thread: bound to its owner.
//
//   while (auto batch = schedule.next(now, 4)) send(*batch);     timer.wait(schedule.wake_at(now, 4));
//   schedule.done(batch.id, verdict, now);
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "daemon/alarms/outbox.h"
#include "daemon/notify/verdict.h"

namespace lynceus::daemon::notify {

struct Now {
  MonoTime mono{};
  WallTime wall{};
};

struct Parcel {
  std::uint64_t id = 0;
  std::vector<Owed> rows;  ///< one, or a group
};

class Schedule {
 public:
  struct Settings {
    std::string sink;
    std::chrono::milliseconds group{0};  ///< 0: each row by itself
    double rate_per_s = 0;               ///< 0: no limit
    std::size_t most_in_group = 100;
  };
  /// `random` gives [0, 1): jitter.
  Schedule(Settings settings, Outbox& outbox, std::function<double()> random);

  /// Something became pending.
  void owed();
  /// The next batch that is due, if there may be one more under way.
  std::optional<Parcel> next(const Now& now, std::size_t most_under_way);
  /// When to ask again after next() gave nothing; MonoTime::max(): not before owed() or done().
  MonoTime wake_at(const Now& now, std::size_t most_under_way) const;

  struct Report {
    std::size_t delivered = 0, again = 0, failed = 0;  ///< rows
  };
  Report done(std::uint64_t batch, const Verdict& verdict, const Now& now);

  /// Forgets the rest a sink was given: something changed that may help.
  void hurry();
  std::size_t under_way() const { return under_way_.size(); }
  /// Rows that are held in memory.
  std::size_t held() const { return held_.size(); }

 private:
  struct Waiting {
    Parcel batch;
    int attempts = 0;
    MonoTime due{}, since{};
    std::optional<MonoTime> refused_since;
  };

  bool known(std::int64_t row) const { return held_.contains(row) || settled_.contains(row); }
  void refill(const Now& now);
  void load(const Now& now);
  void take(Owed row, const Now& now);
  void look_at_waiting(const Owed& row, const Now& now);
  void settle(std::int64_t row, MonoTime until);
  void forget_settled(std::int64_t after, const std::vector<Owed>& page, bool last, const Now& now);
  std::optional<Parcel> due_again(const Now& now);
  std::optional<Parcel> fresh(const Now& now);
  Parcel send(Waiting waiting, const Now& now);
  bool may_send(const Now& now, std::size_t most_under_way) const;
  bool may_go(const Owed& row) const { return !busy_.contains(row.change.alarm.id); }
  void finish(const Parcel& batch, const Now& now);
  void let_go(const std::string& alarm);
  void wait_again(Waiting waiting, const Verdict& verdict, const Now& now);
  std::size_t park(const Waiting& waiting, const std::string& why, const Now& now);
  void rest(const Verdict& verdict, const Now& now);
  void drop_ready(const std::string& alarm);
  std::vector<Waiting> by_alarm(Waiting waiting);

  const Settings settings_;
  Outbox& outbox_;
  const std::function<double()> random_;

  std::deque<Owed> ready_;                      // in order of row
  std::vector<Waiting> waiting_;                // for the next attempt
  std::map<std::uint64_t, Waiting> under_way_;  // by batch
  std::set<std::int64_t> held_;                 // rows of the three above
  std::map<std::int64_t, MonoTime> settled_;    // reported, perhaps not yet written; until when to believe it
  std::set<std::string> busy_;                  // alarms under way
  std::set<std::string> failing_;               // alarms from a failure on until it passed: nothing overtakes
  std::set<std::string> passed_over_;           // failing alarms with later rows that were not taken

  std::int64_t cursor_ = 0;
  bool more_ = true, look_again_ = true;
  MonoTime last_look_{};
  bool looked_ = false;

  std::uint64_t last_batch_ = 0;
  int failures_ = 0;      // in a row
  bool careful_ = false;  // the sink rested; one batch at a time
  MonoTime rest_until_{}, next_send_{};
  std::optional<MonoTime> group_ends_;
};

}  // namespace lynceus::daemon::notify

// What is owed to the sinks: rows written in the transaction of the change they tell of, gone when delivered.
//
// The desk's thread alone writes; sinks read what is theirs and report what became of it. While the database refuses
// writes rows live in memory and look the same. Rows of one alarm and sink are to be delivered in order of `row`.
// Owner: AlarmDesk. Thread: any; reads are short, reports are queued to the desk's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "daemon/alarms/alarm.h"

namespace lynceus::daemon {

struct Owed {
  std::int64_t row = 0;  ///< grows; never used twice
  std::string sink;
  AlarmChange change;  ///< the alarm as it was then
  WallTime since{};
  enum class State { pending, failed } state = State::pending;  ///< failed: parked, only a replay brings it back
  int attempts = 0;
  std::string last_error;
  std::optional<WallTime> next_attempt;

  /// CloudEvents `id` and `webhook-id`: the same at every attempt.
  std::string id() const { return change.alarm.id + "." + std::to_string(change.alarm.revision); }
};

class Outbox {
 public:
  virtual ~Outbox() = default;

  /// Pending rows of a sink after `row`, in order.
  virtual std::vector<Owed> pending(const std::string& sink, std::int64_t after, std::size_t limit) = 0;
  struct Backlog {
    std::int64_t pending = 0, failed = 0;
    std::optional<WallTime> oldest;
  };
  virtual Backlog backlog(const std::string& sink) = 0;

  virtual void delivered(const std::string& sink, const std::vector<std::int64_t>& rows) = 0;
  virtual void refused(const std::string& sink, std::int64_t row, const std::string& why, WallTime next) = 0;
  /// All pending rows of that alarm and sink become failed.
  virtual void park(const std::string& sink, const std::string& alarm, const std::string& why) = 0;

  struct Page {
    std::vector<Owed> rows;
    std::optional<std::int64_t> next;  ///< cursor
  };
  virtual Page list(std::optional<Owed::State> state, const std::string& sink, std::int64_t after,
                    std::size_t limit) = 0;
  /// Failed becomes pending; pending is due at once. `done` hears false for a row that is not there; desk's thread.
  virtual void replay(std::int64_t row, std::function<void(bool)> done) = 0;

  /// Called on the desk's thread after a commit that made rows pending, with the sinks concerned. Must return at once.
  virtual void on_owed(std::function<void(const std::vector<std::string>& sinks)> wake) = 0;
};

}  // namespace lynceus::daemon

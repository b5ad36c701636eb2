// The outbox over the database and what is not there yet: rows of a batch that could not be written, reports of sinks
// that are still to be written.
// Owner: AlarmDesk. Thread: the Outbox members any; the rest the desk's.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "daemon/alarms/alarm_reader.h"
#include "daemon/alarms/batch.h"
#include "daemon/alarms/outbox.h"

namespace lynceus::daemon {

class DeskOutbox final : public Outbox {
 public:
  /// `post` runs a function on the desk's thread, soon; `wake` makes it look for reports.
  DeskOutbox(AlarmReader& reader, std::function<void(std::function<void()>)> post, std::function<void()> wake);

  std::vector<Owed> pending(const std::string& sink, std::int64_t after, std::size_t limit) override;
  Backlog backlog(const std::string& sink) override;
  void delivered(const std::string& sink, const std::vector<std::int64_t>& rows) override;
  void refused(const std::string& sink, std::int64_t row, const std::string& why, WallTime next) override;
  void park(const std::string& sink, const std::string& alarm, const std::string& why) override;
  Page list(std::optional<Owed::State> state, const std::string& sink, std::int64_t after, std::size_t limit) override;
  void replay(std::int64_t row, std::function<void(bool)> done) override;
  void on_owed(std::function<void(const std::vector<std::string>& sinks)> wake) override;

  // The desk's.
  bool has_reports() const;
  void take_reports(Batch& batch);
  /// The database refuses writes: this row is seen all the same, until written().
  void show(const Owed& row);
  /// Of those shown so far only these are owed still.
  void show_only(const std::map<std::int64_t, Owed>& rows);
  /// All that take_reports() gave away so far is written.
  void written();
  void owed(const std::vector<std::string>& sinks) const;

 private:
  struct Overlay {
    std::map<std::int64_t, Owed> rows;
    std::map<std::int64_t, RowChange> changed;
    std::set<std::int64_t> gone;
  };
  std::vector<Owed> read(const AlarmReader::RowQuery& query, std::size_t limit);
  void change(std::int64_t row, RowChange what);
  Overlay overlay() const;

  AlarmReader& reader_;
  const std::function<void(std::function<void()>)> post_;
  const std::function<void()> wake_;

  mutable std::mutex mutex_;
  std::map<std::int64_t, Owed> shown_;                            // guarded by mutex_
  std::map<std::int64_t, RowChange> reported_, taken_;            // guarded by mutex_
  std::set<std::int64_t> gone_, taken_gone_;                      // guarded by mutex_
  std::function<void(const std::vector<std::string>&)> on_owed_;  // guarded by mutex_
};

}  // namespace lynceus::daemon

#include "daemon/alarms/batch.h"

#include <iterator>
#include <utility>

namespace lynceus::daemon {

void apply(const RowChange& change, Owed& row) {
  row.state = change.state;
  row.attempts = change.attempts;
  row.last_error = change.last_error;
  row.next_attempt = change.next_attempt;
}

void Batch::change(std::int64_t row, const RowChange& what) {
  if (const auto mine = rows.find(row); mine != rows.end()) {
    apply(what, mine->second);
  } else if (!gone.contains(row)) {
    changed[row] = what;
  }
}

void Batch::deliver(std::int64_t row) {
  changed.erase(row);
  if (rows.erase(row) == 0) gone.insert(row);
}

std::size_t Batch::collapse(std::int64_t most) {
  if (std::ssize(rows) <= most) return 0;
  std::set<std::pair<std::string, std::string>> later;
  const std::size_t before = rows.size();
  for (auto row = rows.end(); row != rows.begin();) {
    --row;
    const bool first = later.emplace(row->second.sink, row->second.change.alarm.id).second;
    if (!first && row->second.state == Owed::State::pending) row = rows.erase(row);
  }
  return before - rows.size();
}

std::vector<std::string> Batch::forget(std::size_t most) {
  std::vector<std::string> forgotten;
  for (auto alarm = alarms.begin(); alarms.size() > most && alarm != alarms.end();) {  // ids grow with time
    const bool over = alarm->second.alarm.state == Alarm::State::cleared;
    if (over) forgotten.push_back(alarm->first);
    alarm = over ? alarms.erase(alarm) : std::next(alarm);
  }
  return forgotten;
}

}  // namespace lynceus::daemon

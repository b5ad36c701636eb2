#include "daemon/alarms/alarm_reader.h"

#include <charconv>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "daemon/alarms/alarm_json.h"
#include "daemon/alarms/alarm_store.h"

namespace lynceus::daemon {
namespace {

std::string where_of(const AlarmDesk::Query& query) {
  std::string where = " WHERE 1";
  if (query.state) where += " AND state = :state";
  if (!query.camera.empty()) where += " AND camera = :camera";
  if (query.severity) where += " AND severity = :severity";
  if (query.since) where += " AND raised_at >= :since";
  if (query.until) where += " AND raised_at <= :until";
  if (!query.cursor.empty()) where += " AND (raised_at, id) < (:at, :id)";
  return where;
}

void bind_all(Statement& rows, const AlarmDesk::Query& query) {
  int index = 0;  // parameters are numbered as they first appear
  if (query.state) rows.bind(++index, static_cast<std::int64_t>(*query.state));
  if (!query.camera.empty()) rows.bind(++index, query.camera);
  if (query.severity) rows.bind(++index, static_cast<std::int64_t>(*query.severity));
  if (query.since) rows.bind(++index, to_ms(*query.since));
  if (query.until) rows.bind(++index, to_ms(*query.until));
  if (query.cursor.empty()) return;
  const AlarmCursor cursor = parse_cursor(query.cursor);
  rows.bind(++index, cursor.raised_at);
  rows.bind(++index, cursor.id);
}

}  // namespace

std::string text(const AlarmCursor& cursor) { return std::to_string(cursor.raised_at) + "." + cursor.id; }

AlarmCursor parse_cursor(const std::string& text) {
  AlarmCursor cursor;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor.raised_at);
  const auto used = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || used >= text.size() || text[used] != '.' || text.size() > 80) {
    throw std::invalid_argument("cursor: none of ours");
  }
  cursor.id = text.substr(used + 1);
  return cursor;
}

AlarmCursor place_of(const Alarm& alarm) { return {to_ms(alarm.raised_at), alarm.id}; }

bool matches(const AlarmDesk::Query& query, const Alarm& alarm) {
  return (!query.state || *query.state == alarm.state) && (query.camera.empty() || query.camera == alarm.camera) &&
         (!query.severity || *query.severity == alarm.severity) && (!query.since || alarm.raised_at >= *query.since) &&
         (!query.until || alarm.raised_at <= *query.until) &&
         (query.cursor.empty() || place_of(alarm) < parse_cursor(query.cursor));
}

std::optional<Alarm> AlarmReader::find(const std::string& id) {
  std::lock_guard lock(mutex_);
  Statement row(db_, "SELECT body FROM alarm WHERE id = ?");
  row.bind(1, id);
  return row.step() ? alarm_from_json(row.text(0)) : std::nullopt;
}

void AlarmReader::walk(const AlarmDesk::Query& query, const std::function<bool(Alarm)>& take) {
  std::lock_guard lock(mutex_);
  Statement rows(db_, "SELECT body FROM alarm" + where_of(query) + " ORDER BY raised_at DESC, id DESC");
  bind_all(rows, query);
  while (rows.step()) {
    auto alarm = alarm_from_json(rows.text(0));
    if (alarm && !take(std::move(*alarm))) return;
  }
}

void AlarmReader::walk_rows(const RowQuery& query, const std::function<bool(Owed)>& take) {
  std::lock_guard lock(mutex_);
  // Without figures of the data SQLite may sort a whole backlog for a page of it: the index is named.
  const bool by_sink = query.alarm.empty() && !query.sink.empty() && query.state;
  std::string where = !query.alarm.empty() ? " INDEXED BY outbox_by_alarm"
                      : by_sink            ? " INDEXED BY outbox_by_sink"
                                           : "";
  where += " WHERE row > ?1";
  if (!query.sink.empty()) where += by_sink || !query.alarm.empty() ? " AND sink = ?2" : " AND +sink = ?2";
  if (query.state) where += by_sink ? " AND state = ?3" : " AND +state = ?3";
  if (!query.alarm.empty()) where += " AND alarm = ?4";
  Statement rows(db_, std::string("SELECT ") + kOwedColumns + " FROM outbox" + where + " ORDER BY row");
  rows.bind(1, query.after);
  if (!query.sink.empty()) rows.bind(2, query.sink);
  if (query.state) rows.bind(3, static_cast<std::int64_t>(*query.state));
  if (!query.alarm.empty()) rows.bind(4, query.alarm);
  while (rows.step()) {
    auto owed = owed_of(rows);
    if (owed && !take(std::move(*owed))) return;
  }
}

std::optional<Owed> AlarmReader::row(std::int64_t number) {
  std::optional<Owed> found;
  walk_rows({{}, {}, {}, number - 1}, [&](Owed owed) {
    if (owed.row == number) found = std::move(owed);
    return false;
  });
  return found;
}

Outbox::Backlog AlarmReader::backlog(const std::string& sink) {
  std::lock_guard lock(mutex_);
  Outbox::Backlog backlog;
  Statement counts(db_, "SELECT state, count(*) FROM outbox WHERE sink = ? GROUP BY state");
  counts.bind(1, sink);
  while (counts.step()) (counts.number(0) == 0 ? backlog.pending : backlog.failed) = counts.number(1);
  Statement oldest(db_, "SELECT since FROM outbox WHERE sink = ? AND state = 0 ORDER BY row LIMIT 1");
  oldest.bind(1, sink);
  if (oldest.step()) backlog.oldest = from_ms(oldest.number(0));
  return backlog;
}

}  // namespace lynceus::daemon

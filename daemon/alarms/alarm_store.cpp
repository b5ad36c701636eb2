#include "daemon/alarms/alarm_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "daemon/alarms/alarm_json.h"
#include "daemon/store/migrations.h"

namespace lynceus::daemon {
namespace {

constexpr std::int64_t kTidyAtOnce = 2000;

std::string list_text(const std::vector<std::string>& names) { return nlohmann::json(names).dump(); }

std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> names;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) return names;
  for (const auto& name : json) {
    if (name.is_string()) names.push_back(name.get<std::string>());
  }
  return names;
}

std::optional<Kept> kept_of(const Statement& row) {
  auto alarm = alarm_from_json(row.text(0));
  if (!alarm) return std::nullopt;
  Kept kept{std::move(*alarm), list_of(row.text(1)), std::nullopt};
  if (!row.null(2)) kept.held_until = from_ms(row.number(2));
  return kept;
}

Alarm durable(Alarm alarm) {
  alarm.durable = true;
  return alarm;
}

}  // namespace

std::optional<Owed> owed_of(const Statement& row) {
  auto alarm = alarm_from_json(row.text(9));
  if (!alarm) return std::nullopt;
  Owed owed;
  owed.row = row.number(0);
  owed.sink = row.text(1);
  owed.change.type = static_cast<AlarmChange::Type>(std::clamp<std::int64_t>(row.number(2), 0, 3));
  owed.change.alarm = std::move(*alarm);
  owed.change.at = from_ms(row.number(3));
  owed.since = from_ms(row.number(4));
  owed.state = row.number(5) == 0 ? Owed::State::pending : Owed::State::failed;
  owed.attempts = static_cast<int>(row.number(6));
  owed.last_error = row.text(7);
  if (!row.null(8)) owed.next_attempt = from_ms(row.number(8));
  return owed;
}

AlarmStore::AlarmStore(const std::string& file, const char* vfs) : db_(file, Database::Mode::read_write, vfs) {
  if (const std::string verdict = db_.quick_check(); verdict != "ok") throw DatabaseError(SQLITE_CORRUPT, verdict);
  db_.run("PRAGMA journal_mode=WAL");
  db_.run("PRAGMA synchronous=FULL");
  db_.run("PRAGMA journal_size_limit=4194304");
  migrate(db_, Schema::alarms);
}

void AlarmStore::write(const Batch& batch) {
  Transaction transaction(db_);
  put_alarms(batch);
  put_rows(batch);
  put_shelves(batch);
  transaction.commit();
}

void AlarmStore::put_alarms(const Batch& batch) {
  if (batch.alarms.empty()) return;
  Statement put(db_, "INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& [id, kept] : batch.alarms) {
    const Alarm& alarm = kept.alarm;
    const std::string told = list_text(kept.told), body = to_json(durable(alarm));
    put.bind(1, id).bind(2, to_ms(alarm.raised_at));
    if (alarm.cleared_at) put.bind(3, to_ms(*alarm.cleared_at));
    put.bind(4, static_cast<std::int64_t>(alarm.state)).bind(5, static_cast<std::int64_t>(alarm.severity));
    put.bind(6, alarm.camera).bind(7, told);
    if (kept.held_until) put.bind(8, to_ms(*kept.held_until));
    put.bind(9, body).run();
  }
}

void AlarmStore::put_rows(const Batch& batch) {
  Statement put(db_, "INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& [number, row] : batch.rows) {
    const std::string body = to_json(durable(row.change.alarm));
    put.bind(1, number).bind(2, row.sink).bind(3, row.change.alarm.id);
    put.bind(4, static_cast<std::int64_t>(row.change.type)).bind(5, to_ms(row.change.at)).bind(6, to_ms(row.since));
    put.bind(7, static_cast<std::int64_t>(row.state)).bind(8, static_cast<std::int64_t>(row.attempts));
    put.bind(9, row.last_error);
    if (row.next_attempt) put.bind(10, to_ms(*row.next_attempt));
    put.bind(11, body).run();
  }
  Statement change(db_, "UPDATE outbox SET state = ?, attempts = ?, last_error = ?, next_attempt = ? WHERE row = ?");
  for (const auto& [number, row] : batch.changed) {
    change.bind(1, static_cast<std::int64_t>(row.state)).bind(2, static_cast<std::int64_t>(row.attempts));
    change.bind(3, row.last_error);
    if (row.next_attempt) change.bind(4, to_ms(*row.next_attempt));
    change.bind(5, number).run();
  }
  Statement gone(db_, "DELETE FROM outbox WHERE row = ?");
  for (const std::int64_t number : batch.gone) gone.bind(1, number).run();
}

void AlarmStore::put_shelves(const Batch& batch) {
  for (const auto& [key, shelf] : batch.shelves) {
    Statement gone(db_, "DELETE FROM shelf WHERE camera = ? AND plugin = ? AND key = ?");
    gone.bind(1, shelf.camera).bind(2, shelf.plugin).bind(3, shelf.key).run();
    if (shelf.until == WallTime{}) continue;
    Statement put(db_, "INSERT INTO shelf VALUES (?, ?, ?, ?)");
    put.bind(1, shelf.camera).bind(2, shelf.plugin).bind(3, shelf.key).bind(4, to_ms(shelf.until)).run();
  }
}

std::vector<Kept> AlarmStore::raised() {
  std::vector<Kept> list;
  Statement rows(db_, "SELECT body, told, held_until FROM alarm WHERE state = 1 ORDER BY raised_at, id");
  while (rows.step()) {
    if (auto kept = kept_of(rows)) list.push_back(std::move(*kept));
  }
  return list;
}

std::optional<Kept> AlarmStore::kept(const std::string& id) {
  Statement row(db_, "SELECT body, told, held_until FROM alarm WHERE id = ?");
  row.bind(1, id);
  return row.step() ? kept_of(row) : std::nullopt;
}

std::vector<Shelf> AlarmStore::shelves() {
  std::vector<Shelf> list;
  Statement rows(db_, "SELECT camera, plugin, key, until FROM shelf");
  while (rows.step()) list.push_back({rows.text(0), rows.text(1), rows.text(2), from_ms(rows.number(3))});
  return list;
}

std::int64_t AlarmStore::count(const std::string& sql) {
  Statement row(db_, sql);
  return row.step() ? row.number(0) : 0;
}

std::int64_t AlarmStore::last_row() {
  return std::max(count("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'"),
                  count("SELECT coalesce(max(row), 0) FROM outbox"));
}

AlarmStore::Tidied AlarmStore::tidy(const Limits& limits) {
  Transaction transaction(db_);
  const Tidied tidied{forget_alarms(limits), collapse_rows(limits)};
  transaction.commit();
  return tidied;
}

std::int64_t AlarmStore::forget_alarms(const Limits& limits) {
  const std::int64_t more = count("SELECT count(*) FROM alarm WHERE state = 2") - limits.alarms;
  Statement old(db_,
                "DELETE FROM alarm WHERE id IN (SELECT id FROM alarm WHERE state = 2 AND raised_at < ?1"
                " AND cleared_at < ?1 ORDER BY raised_at LIMIT ?2)");
  old.bind(1, to_ms(limits.alarms_before)).bind(2, kTidyAtOnce).run();
  std::int64_t gone = sqlite3_changes(db_.handle());
  if (more <= gone) return gone;
  Statement rest(db_,
                 "DELETE FROM alarm WHERE id IN (SELECT id FROM alarm WHERE state = 2 ORDER BY raised_at LIMIT ?)");
  rest.bind(1, std::min(more - gone, kTidyAtOnce)).run();
  return gone + sqlite3_changes(db_.handle());
}

std::int64_t AlarmStore::collapse_rows(const Limits& limits) {
  const std::int64_t more = std::max<std::int64_t>(count("SELECT count(*) FROM outbox") - limits.rows, 0);
  const std::int64_t oldest = count("SELECT since FROM outbox WHERE state = 0 ORDER BY row LIMIT 1");
  if (more == 0 && (oldest == 0 || oldest >= to_ms(limits.rows_before))) return 0;
  Statement stray(db_,
                  "DELETE FROM outbox WHERE row IN (SELECT row FROM outbox WHERE since < ?1"
                  " AND sink NOT IN (SELECT value FROM json_each(?2)) ORDER BY row LIMIT ?3)");
  const std::string sinks = list_text(limits.sinks);
  stray.bind(1, to_ms(limits.rows_before)).bind(2, sinks).bind(3, kTidyAtOnce).run();
  const std::int64_t strays = sqlite3_changes(db_.handle());
  // Of the oldest rows those that a later one of the same alarm and sink stands for.
  Statement drop(
      db_,
      "DELETE FROM outbox WHERE row IN (SELECT o.row FROM outbox o WHERE o.state = 0 AND (o.since < ?1 OR ?2 > 0)"
      " AND EXISTS (SELECT 1 FROM outbox n WHERE n.alarm = o.alarm AND n.sink = o.sink AND n.row > o.row)"
      " ORDER BY o.row LIMIT ?3)");
  drop.bind(1, to_ms(limits.rows_before)).bind(2, more).bind(3, more > 0 ? std::min(more, kTidyAtOnce) : kTidyAtOnce);
  drop.run();
  return strays + sqlite3_changes(db_.handle());
}

}  // namespace lynceus::daemon

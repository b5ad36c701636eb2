// Alarms, an outbox, evidence and a control that exist on paper only.
#pragma once

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "daemon/api/alarm_book.h"
#include "daemon/api/control.h"
#include "daemon/evidence/evidence_files.h"

namespace lynceus::test {

inline daemon::Alarm alarm_of(const std::string& id, const std::string& camera = "lobby") {
  daemon::Alarm alarm;
  alarm.id = id;
  alarm.revision = 1;
  alarm.site = "test";
  alarm.camera = camera;
  alarm.plugin = "health";
  alarm.kind = alarm.key = "camera_dark";
  alarm.state = daemon::Alarm::State::raised;
  alarm.active = true;
  alarm.summary = "dark";
  return alarm;
}

class FakeAlarmBook final : public daemon::http::AlarmBook {
 public:
  using Result = daemon::AlarmDesk::Result;

  std::vector<daemon::Alarm> alarms;
  mutable daemon::AlarmDesk::Query asked;
  std::string next;
  std::optional<WallTime> shelved;
  std::vector<std::string> told;  ///< "ack ID WHO"
  bool held_back = false;         ///< answers wait for release()
  std::vector<std::pair<Done, Result>> waiting;

  daemon::AlarmDesk::Page list(const daemon::AlarmDesk::Query& query) const override {
    if (query.cursor == "bad") throw std::invalid_argument("cursor");
    asked = query;
    return {alarms, next};
  }
  std::optional<daemon::Alarm> find(const std::string& id) const override {
    const auto found = std::find_if(alarms.begin(), alarms.end(), [&](const auto& alarm) { return alarm.id == id; });
    return found == alarms.end() ? std::nullopt : std::optional(*found);
  }
  std::optional<WallTime> site_shelved_until() const override { return shelved; }

  void acknowledge(const std::string& id, const std::string& who, Done done) override { act("ack", id, who, done); }
  void shelve(const std::string& id, std::chrono::minutes time, const std::string& who, Done done) override {
    act("shelve" + std::to_string(time.count()), id, who, done);
  }
  void shelve_site(std::chrono::minutes time, const std::string& who, Done done) override {
    told.push_back("site" + std::to_string(time.count()) + " " + who);
    shelved = WallTime{} + time;
    answer(done, {Result::Outcome::done, {}});
  }
  void clear(const std::string& id, const std::string& who, Done done) override {
    const auto alarm = find(id);
    if (alarm && alarm->active) return answer(done, {Result::Outcome::active, alarm});
    act("clear", id, who, done);
  }
  void release() {
    for (auto& [done, result] : std::exchange(waiting, {})) done(result);
  }

 private:
  void act(const std::string& what, const std::string& id, const std::string& who, const Done& done) {
    const auto alarm = find(id);
    if (alarm) told.push_back(what + " " + id + " " + who);
    answer(done, {alarm ? Result::Outcome::done : Result::Outcome::unknown, alarm});
  }
  void answer(const Done& done, Result result) {
    if (held_back) {
      waiting.emplace_back(done, std::move(result));
    } else {
      done(result);
    }
  }
};

class FakeOutbox final : public daemon::Outbox {
 public:
  std::vector<daemon::Owed> rows;
  std::vector<std::int64_t> replayed;

  std::vector<daemon::Owed> pending(const std::string&, std::int64_t, std::size_t) override { return rows; }
  Backlog backlog(const std::string&) override { return {}; }
  void delivered(const std::string&, const std::vector<std::int64_t>&) override {}
  void refused(const std::string&, std::int64_t, const std::string&, WallTime) override {}
  void park(const std::string&, const std::string&, const std::string&) override {}
  Page list(std::optional<daemon::Owed::State> state, const std::string& sink, std::int64_t after,
            std::size_t limit) override {
    Page page;
    for (const auto& row : rows) {
      if (row.row <= after || (state && row.state != *state) || (!sink.empty() && row.sink != sink)) continue;
      if (page.rows.size() == limit) {
        page.next = page.rows.back().row;
        break;
      }
      page.rows.push_back(row);
    }
    return page;
  }
  void replay(std::int64_t row, std::function<void(bool)> done) override {
    replayed.push_back(row);
    done(std::any_of(rows.begin(), rows.end(), [&](const auto& owed) { return owed.row == row; }));
  }
  void on_owed(std::function<void(const std::vector<std::string>&)>) override {}
};

class FakeEvidence final : public daemon::EvidenceFiles {
 public:
  std::map<std::string, daemon::EvidenceFile> snapshots, clips;

  std::optional<daemon::EvidenceFile> snapshot(const std::string& id) const override { return of(snapshots, id); }
  std::optional<daemon::EvidenceFile> clip(const std::string& id) const override { return of(clips, id); }

 private:
  static std::optional<daemon::EvidenceFile> of(const std::map<std::string, daemon::EvidenceFile>& files,
                                                const std::string& id) {
    const auto found = files.find(id);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  }
};

class FakeControl final : public daemon::http::Control {
 public:
  using Done = daemon::http::Done;
  std::vector<std::string> asked;
  daemon::http::Outcome outcome{{}, "{\"ok\":true}", {}, {}};

  void reload(Done done) override { say("reload", done); }
  std::string config() const override { return "{\"site\":\"test\"}"; }
  void settings(const std::string& camera, Done done) override { say("settings " + camera, done); }
  void put_settings(const std::string& camera, const std::string& json, Done done) override {
    say("put " + camera + " " + json, done);
  }
  void delete_settings(const std::string& camera, Done done) override { say("delete " + camera, done); }
  void enable(const std::string& camera, bool enabled, Done done) override {
    say("enable " + camera + (enabled ? " on" : " off"), done);
  }
  void reference(const std::string& camera, const std::string& plugin, Done done) override {
    say("reference " + camera + " " + plugin, done);
  }
  void proposals(const std::string& camera, Done done) override { say("proposals " + camera, done); }
  void test_sink(const std::string& sink, Done done) override { say("test " + sink, done); }

 private:
  void say(const std::string& what, const Done& done) {
    asked.push_back(what);
    done(outcome);
  }
};

}  // namespace lynceus::test

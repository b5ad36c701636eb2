#include "tests/fuzz/http_room.h"

#include <openssl/sha.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "base/log.h"
#include "config/canonical.h"
#include "config/settings_file.h"
#include "daemon/alarms/alarm_store.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;
using daemon::Alarm;
using daemon::http::Outcome;

constexpr int kAlarms = 40;
constexpr int kRows = 12;

/// One sink that hears of critical alarms only; there are none, so nothing piles up while requests come in.
constexpr const char* kConfig = R"(site: test
cameras:
  lobby: {url: "rtsp://camera/lobby", analyzers: {health: {}}}
  yard: {url: "rtsp://camera/yard"}
notify:
  sinks:
    ops: {url: "https://receiver/hook", filter: {severity: critical}}
)";

config::Catalogue plugins() {
  static const sdk::PluginInfo health{
      .name = "health", .version = "1", .summary = "on paper", .kinds = {"camera_dark"}};
  return {&health};
}

/// 00000000-0000-7000-8000-000000000001 and so on: seeds can name them.
std::string id_of(int number) {
  std::array<char, 40> id{};
  std::snprintf(id.data(), id.size(), "00000000-0000-7000-8000-%012d", number);
  return id.data();
}

/// Every fourth is raised still, of the daemon's own: no analyzer has to repeat those.
Alarm alarm_of(int number, WallTime now) {
  const bool raised = number % 4 == 0;
  Alarm alarm;
  alarm.id = id_of(number);
  alarm.revision = 1 + number % 3;
  alarm.site = "test";
  alarm.camera = number % 3 == 0 ? "yard" : "lobby";
  alarm.plugin = raised ? daemon::kDaemonPlugin : "health";
  alarm.kind = raised ? "delivery_failing" : "camera_dark";
  alarm.zone = "zone-" + std::to_string(number);
  alarm.key = alarm.kind + ":" + alarm.zone;
  alarm.severity = number % 2 == 0 ? sdk::Severity::warning : sdk::Severity::info;
  alarm.state = raised ? Alarm::State::raised : Alarm::State::cleared;
  alarm.active = number % 8 == 0;
  alarm.summary = "dark \"and\" \xc3\xbc, number " + std::to_string(number);
  alarm.raised_at = now - std::chrono::minutes{number};
  if (!raised) {
    alarm.cleared_at = now;
    alarm.clear_reason = "condition";
  }
  if (number % 5 == 0) alarm.value = alarm.limit = number / 7.0;
  alarm.snapshot = alarm.clip = number % 2 == 0;
  return alarm;
}

daemon::Batch stored(WallTime now) {
  daemon::Batch batch;
  for (int i = 1; i <= kAlarms; ++i) batch.alarms[id_of(i)] = {alarm_of(i, now), {"ops"}, std::nullopt};
  for (int row = 1; row <= kRows; ++row) {
    daemon::Owed owed;
    owed.row = row;
    owed.sink = "ops";
    owed.change = {daemon::AlarmChange::Type::updated, alarm_of(row, now), now, {}};
    owed.since = now;
    owed.state = row % 3 == 0 ? daemon::Owed::State::failed : daemon::Owed::State::pending;
    owed.last_error = "https://user:word@receiver/hook: refused";
    batch.rows.emplace(row, std::move(owed));
  }
  return batch;
}

/// A line as `lynceus token` writes it; the secret is the role's own name.
std::string token_line(const std::string& role) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(role.data()), role.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) {
    std::array<char, 3> two{};
    std::snprintf(two.data(), two.size(), "%02x", byte);
    hex += two.data();
  }
  return role + " " + role + " " + hex + " 2026-01-01T00:00:00Z\n";
}

void write(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

sdk::Observations said(int number) {
  sdk::Observations said;
  said.entities.push_back({});
  said.entities.back().label = "person \xff";
  said.measurements.push_back({"sharpness", number / 3.0, "", {{"zone", "door"}}});
  said.conditions.push_back({"camera_dark", "door", true, sdk::Severity::warning, "dark", 3.5, {}, "lx", {}});
  said.details.set("state", "ok");
  said.details.set("proposals", sdk::Value::Array{1, "two", 3.5});
  return said;
}

}  // namespace

void CheckingControl::put_settings(const std::string& camera, const std::string& json, Done done) {
  try {
    const config::SettingsDraft draft{camera, config::canonical_yaml(json, config::Keys::settable)};
    config::load(file_, plugins(), state_directory_, &draft);
    yes(done);
  } catch (const config::ConfigError& e) {
    done({Outcome::Kind::invalid, {}, log::redact(e.what()), e.lines()});
  }
}

void CheckingControl::test_sink(const std::string& sink, Done done) {
  done({Outcome::Kind::unknown, {}, "no sink is called " + sink, {}});
}

HttpRoom::HttpRoom() : file_(folder_ / "lynceus.yaml") {
  log::capture([](std::string_view) {});  // refusals are told in the log
  write(file_, kConfig);
  write(config::tokens_file(folder_.path()), token_line("view") + token_line("operate") + token_line("admin"));
  tokens_.emplace(folder_.path());
  evidence_.emplace(daemon::EvidenceStore::Settings{folder_ / "evidence"}, clock_, [](const auto&, auto) {});
  const std::string alarms = folder_ / "alarms.db";
  daemon::AlarmStore(alarms, nullptr).write(stored(clock_.wall()));
  daemon::AlarmDesk::Settings settings;
  settings.file = alarms;
  settings.gather = 0ms;
  settings.low_bytes = 0;
  desk_.emplace(settings, config::load(file_, plugins(), folder_.path()).config, clock_);
  book_.emplace(*desk_);
  control_.emplace(file_, folder_.path());
  fill();
  desk_->start();

  daemon::http::Api::Parts everybody = parts();
  everybody.access.none = true;
  open_.emplace(std::move(everybody));
  daemon::http::Api::Parts known = parts();
  known.access.loopback = false;
  guarded_.emplace(std::move(known));
}

daemon::http::Api::Parts HttpRoom::parts() {
  daemon::http::Api::Parts parts{cameras_,
                                 board_,
                                 [] { return std::string("# metrics\n"); },
                                 [] { return std::string(); },
                                 {{{"health", "1"}}, {{"lynceus_odd.so", "it has no note"}}},
                                 {"cams"}};
  parts.alarms = {&*book_, &*evidence_, &desk_->outbox()};
  parts.control = &*control_;
  parts.events = &events_;
  parts.measurements = &measurements_;
  parts.tokens = &*tokens_;
  parts.access.reads_per_second = parts.access.writes_per_second = 1e9;
  parts.clock = &clock_;
  return parts;
}

void HttpRoom::fill() {
  for (const char* camera : {"lobby", "yard"}) {
    cameras_.list.push_back(camera_status(camera));
    board_.add(camera);
    for (int i = 1; i <= 20; ++i) {
      const auto report = report_of(camera, static_cast<std::uint64_t>(i), "health", said(i));
      board_.on_report(report);
      measurements_.on_report(report);
    }
    events_.publish("camera_state", camera, "{}");
  }
  const std::vector<std::byte> picture(1000, std::byte{7});
  for (int i = 2; i <= kAlarms; i += 2) {
    evidence_->put(id_of(i), picture);
    write(folder_ / ("evidence/" + id_of(i) + ".mp4"), std::string(5000, 'c'));
  }
}

}  // namespace lynceus::test

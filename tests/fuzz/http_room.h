// What stands behind the API while it is fuzzed: the real database of alarms with its desk, evidence on the disk, live
// state, events and tokens; cameras and the switching of the daemon are on paper. Time stands still.
//
// `open` answers everybody as an administrator, as a daemon on loopback without tokens does; `guarded` wants tokens:
// their words are the names of their roles. Owner: the fuzz target, once a process. Thread: its own.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"
#include "daemon/alarms/alarm_desk.h"
#include "daemon/api/api.h"
#include "daemon/api/desk_book.h"
#include "daemon/api/event_hub.h"
#include "daemon/evidence/evidence_store.h"
#include "daemon/live/live_board.h"
#include "daemon/live/measurement_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/daemon/fake_cameras.h"

namespace lynceus::test {

/// Settings go the way they go in the daemon, up to where they would be put into force.
class CheckingControl final : public daemon::http::Control {
 public:
  using Done = daemon::http::Done;
  CheckingControl(std::string file, std::string state_directory)
      : file_(std::move(file)), state_directory_(std::move(state_directory)) {}

  void reload(Done done) override { yes(done); }
  std::string config() const override { return "{}"; }
  void settings(const std::string&, Done done) override { yes(done); }
  void put_settings(const std::string& camera, const std::string& json, Done done) override;
  void delete_settings(const std::string&, Done done) override { yes(done); }
  void enable(const std::string&, bool, Done done) override { yes(done); }
  void reference(const std::string&, const std::string&, Done done) override { yes(done); }
  void proposals(const std::string&, Done done) override { yes(done); }
  void test_sink(const std::string& sink, Done done) override;

 private:
  static void yes(const Done& done) { done({}); }

  const std::string file_, state_directory_;
};

class HttpRoom {
 public:
  HttpRoom();

  daemon::http::Api& open() { return *open_; }
  daemon::http::Api& guarded() { return *guarded_; }

 private:
  daemon::http::Api::Parts parts();
  void fill();

  TempFolder folder_;
  FakeClock clock_;
  std::string file_;
  daemon::LiveBoard board_{clock_};
  FakeCameras cameras_;
  daemon::MeasurementLog measurements_;
  daemon::http::EventHub events_{{}, board_, clock_};
  std::optional<daemon::EvidenceStore> evidence_;
  std::optional<daemon::AlarmDesk> desk_;
  std::optional<daemon::http::DeskBook> book_;
  std::optional<CheckingControl> control_;
  std::optional<daemon::http::TokenKeeper> tokens_;
  std::optional<daemon::http::Api> open_, guarded_;
};

}  // namespace lynceus::test

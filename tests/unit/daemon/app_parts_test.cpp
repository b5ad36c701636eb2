// The parts of app/ that stand between others: inbox, reports, secret watch, what the daemon says of itself.
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "daemon/app/inbox.h"
#include "daemon/app/own_conditions.h"
#include "daemon/app/reports.h"
#include "daemon/app/secret_watch.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/daemon/fake_cameras.h"

using namespace lynceus;
using namespace lynceus::daemon;
using namespace lynceus::test;

TEST_CASE("each task of the inbox is run or refused, once and in order") {
  FakeClock clock;
  std::string told;
  Inbox inbox(2);
  for (const char* name : {"a", "b", "c"}) {
    inbox.post([&told, name] { told += name; }, [&told, name] { told += std::string("-") + name; });
  }
  CHECK(told == "-c");
  (*inbox.next(clock))();
  CHECK(told == "-ca");
  inbox.stop();
  CHECK(told == "-ca-b");
  CHECK_FALSE(inbox.next(clock));
  inbox.post([&] { told += "late"; }, [&] { told += "-d"; });
  inbox.post([&] { told += "late"; });
  CHECK(told == "-ca-b-d");
}

TEST_CASE("a listener that throws costs its own report only") {
  log::capture([](std::string_view) {});
  std::string told;
  Reports reports(
      {[](const camera::FrameReport&) { throw std::runtime_error("no"); },
       [&](const camera::FrameReport& report) { told += report.camera; }},
      {[](const std::string&, ingest::TransportState, const std::string&) { throw std::runtime_error("no"); },
       [&](const std::string&, ingest::TransportState state, const std::string& why) {
         told += std::string(" ") + ingest::name(state) + " " + why;
       }});
  reports.on_report(report_of("lobby", 1, "health", {}));
  reports.on_state("lobby", ingest::TransportState::offline, "refused");
  log::capture({});
  CHECK(told == "lobby offline refused");
}

namespace {

/// Another file takes its name: what a careful writer does.
void replace(const std::string& file, const std::string& text) {
  std::ofstream(file + ".new") << text;
  std::filesystem::rename(file + ".new", file);
}

}  // namespace

TEST_CASE("a secret that changed is told once, when it has settled") {
  TempFolder folder;
  const std::string one = folder / "one", two = folder / "two";
  replace(one, "1");
  SecretWatch watch;
  CHECK_FALSE(watch.look());
  watch.watch({one, two});
  CHECK_FALSE(watch.look());

  replace(one, "other");
  CHECK_FALSE(watch.look());  // perhaps still being written
  CHECK(watch.look());
  CHECK_FALSE(watch.look());

  replace(two, "a file that was missing");
  CHECK_FALSE(watch.look());
  replace(two, "and is written again");
  CHECK_FALSE(watch.look());
  CHECK(watch.look());

  std::filesystem::remove(one);
  CHECK_FALSE(watch.look());
  CHECK(watch.look());
  watch.watch({two});
  CHECK_FALSE(watch.look());
}

namespace {

using Said = std::vector<std::pair<std::string, sdk::Condition>>;

/// "camera kind" of those that are active, "camera -kind" of the others.
std::vector<std::string> words(Said& said) {
  std::vector<std::string> out;
  for (const auto& [camera, condition] : std::exchange(said, {})) {
    out.push_back(camera + (condition.active ? " " : " -") + condition.kind);
  }
  return out;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the daemon says of itself what changes, and everything once at the beginning") {
  Said said;
  OwnConditions own([&](const std::string& camera, const sdk::Condition& c) { said.emplace_back(camera, c); });
  CameraStatus lobby = camera_status("lobby");
  std::vector<infer::ModelStats> models;

  own.look({lobby}, models);
  CHECK(words(said) == Words{"lobby -analyzer_stuck", "lobby -analyzer_disabled", " -inference_fallback"});
  own.look({lobby}, models);
  CHECK(said.empty());

  lobby.worker.stuck = true;
  lobby.worker.in_plugin = "people";
  lobby.worker.analyzers = {{"people", host::SlotState::disabled, 5, "no model"}};
  models.emplace_back();
  models.back().model = "yolox.onnx";
  models.back().fallback = true;
  models.back().fallback_reason = "cuda: out of memory";
  own.look({lobby}, models);
  REQUIRE(said.size() == 3);
  CHECK(said[0].second.summary == "The analyzer people hangs");
  CHECK(said[1].second.summary == "Disabled: people (no model)");
  CHECK(said[2].second.summary == "Networks on the CPU, the slower way: yolox.onnx (cuda: out of memory)");
  CHECK(words(said) == Words{"lobby analyzer_stuck", "lobby analyzer_disabled", " inference_fallback"});

  lobby.worker.stuck = false;
  own.look({lobby}, models);
  CHECK(words(said) == Words{"lobby -analyzer_stuck"});

  own.look({}, models);
  CHECK(said.empty());
  own.look({lobby}, models);  // the camera is new again
  CHECK(words(said) == Words{"lobby -analyzer_stuck", "lobby analyzer_disabled"});

  own.reloaded(true, "");
  own.reloaded(false, "l.yaml:1:1: fsp: unknown key");
  REQUIRE(said.size() == 2);
  CHECK(said[1].second.summary == "Reload refused: l.yaml:1:1: fsp: unknown key");
  own.reloaded(true, "");
  CHECK(words(said) == Words{" -config_reload_failed", " config_reload_failed", " -config_reload_failed"});
}

#include "daemon/evidence/evidence.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_frame.h"
#include "tests/unit/evidence/coded_pictures.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::AlarmChange;
using daemon::Evidence;

namespace {

std::string id(int number) { return "00000000-0000-7000-8000-00000000000" + std::to_string(number); }

/// A house of one camera in virtual time.
struct Quiet {
  Quiet() {
    log::capture([](std::string_view) {});
  }
  ~Quiet() { log::capture({}); }
};

struct House {
  TempFolder folder;
  FakeClock clock;
  daemon::LiveBoard board{clock};
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, std::pair<bool, bool>> told;  // guarded by mutex: snapshot, clip
  std::map<std::string, WallTime> late;               // guarded by mutex
  std::vector<std::string> troubles;                  // guarded by mutex; keys of what was active
  config::EvidenceSettings settings;
  camera::CameraSettings door;
  std::unique_ptr<Evidence> evidence;
  std::unique_ptr<daemon::CameraEvidence> camera;
  MonoTime streamed = clock.now();

  House() {
    door.id = "door";
    settings.before = 10s;
    settings.max_age = 24h * 365 * 100;  // virtual time is not that of the files
  }

  void open() {
    daemon::EvidenceWords words;
    words.evidence = [this](const std::string& alarm, bool snapshot, bool clip, std::optional<WallTime> from) {
      std::lock_guard lock(mutex);
      told[alarm].first |= snapshot;
      told[alarm].second |= clip;
      if (from) late[alarm] = *from;
      changed.notify_all();
    };
    words.evidence_gone = [](const std::vector<std::string>&, bool, bool) {};
    words.own = [this](const sdk::Condition& condition) {
      std::lock_guard lock(mutex);
      if (condition.active) troubles.push_back(condition.key());
      changed.notify_all();
    };
    evidence = std::make_unique<Evidence>(Evidence::Parts{board, clock, folder.path(), settings, std::move(words)});
    evidence->start();
    camera = evidence->camera(door);
    camera->start();
    board.add("door");
    see(1);
  }
  ~House() {
    camera.reset();
    evidence.reset();
  }

  void see(std::uint64_t frame) {
    camera::FrameReport report;
    report.camera = "door";
    report.frame = test_frame(frame, clock.now());
    board.on_report(report);
  }
  /// Ten coded pictures a second, a keyframe each second; time goes along. What was raised before is to be told of
  /// first: the ring holds fifteen seconds, and virtual time waits for nobody.
  void stream(std::chrono::milliseconds time) {
    const Coded coded{format};
    for (std::chrono::milliseconds past{0}; past < time; past += 100ms) {
      clock.advance(100ms);
      const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(clock.now().time_since_epoch());
      if (camera->sink()) camera->sink()->on_unit(coded.at(now, now % 1s == 0ms));
    }
  }
  void raise(int alarm, AlarmChange::Type type = AlarmChange::Type::raised) {
    AlarmChange change;
    change.type = type;
    change.alarm.id = id(alarm);
    change.alarm.camera = "door";
    change.captured = clock.now();
    evidence->on_changes(std::span(&change, 1));
  }
  bool until(int alarm, bool snapshot, bool clip) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, [&] {
      const auto word = told[id(alarm)];
      return (!snapshot || word.first) && (!clip || word.second);
    });
  }
  bool has_clip(int alarm) { return evidence->files().clip(id(alarm)).has_value(); }
  bool has_snapshot(int alarm) { return evidence->files().snapshot(id(alarm)).has_value(); }

  const std::shared_ptr<const ingest::EncodedFormat> format = format_of();
};

}  // namespace

TEST_CASE("a raise has a picture and, ten seconds later, a clip") {
  House house;
  house.open();
  house.stream(20s);
  house.raise(1);
  REQUIRE(house.until(1, true, false));
  REQUIRE(house.has_snapshot(1));
  house.stream(12s);
  REQUIRE(house.until(1, true, true));
  REQUIRE(house.has_clip(1));
  REQUIRE(house.late.empty());
  REQUIRE(house.evidence->snapshot_bytes() > 0);
  REQUIRE(house.evidence->clip_bytes() > 0);
}

TEST_CASE("what cannot be written is an alarm with a key of its own") {
  const Quiet quiet;
  House house;
  house.open();
  std::filesystem::remove_all(house.folder.path());
  house.raise(1);
  std::unique_lock lock(house.mutex);
  REQUIRE(house.changed.wait_for(lock, 20s, [&] { return !house.troubles.empty(); }));
  REQUIRE(house.troubles == std::vector<std::string>{"storage_low:evidence"});
}

TEST_CASE("a clip that begins later than asked says so") {
  House house;
  house.open();
  house.stream(2s);
  house.raise(1);
  REQUIRE(house.until(1, true, false));
  house.stream(12s);
  REQUIRE(house.until(1, true, true));
  REQUIRE(house.late.contains(id(1)));
}

TEST_CASE("only raises have evidence, and only those of cameras that are there") {
  House house;
  house.open();
  house.stream(6s);
  house.raise(1, AlarmChange::Type::updated);
  house.raise(2, AlarmChange::Type::cleared);
  house.raise(3);
  REQUIRE(house.until(3, true, false));
  REQUIRE_FALSE(house.has_snapshot(1));
  REQUIRE_FALSE(house.has_snapshot(2));
  house.camera.reset();
  house.raise(4);
  house.evidence.reset();
  REQUIRE_FALSE(std::filesystem::exists(house.folder / (id(4) + ".jpg")));
}

TEST_CASE("two raises in a second share a picture and the clip") {
  House house;
  house.open();
  house.stream(10s);
  house.raise(1);
  house.stream(500ms);
  house.see(2);
  house.raise(2);
  REQUIRE(house.until(2, true, false));
  REQUIRE(std::filesystem::equivalent(house.folder / (id(1) + ".jpg"), house.folder / (id(2) + ".jpg")));
  house.stream(12s);
  REQUIRE(house.until(1, true, true));
  REQUIRE(house.until(2, true, true));
  REQUIRE(std::filesystem::equivalent(house.folder / (id(1) + ".mp4"), house.folder / (id(2) + ".mp4")));
  house.raise(3);  // behind the end: one of its own
  REQUIRE(house.until(3, true, false));
  house.stream(12s);
  REQUIRE(house.until(3, true, true));
  REQUIRE_FALSE(std::filesystem::equivalent(house.folder / (id(1) + ".mp4"), house.folder / (id(3) + ".mp4")));
}

TEST_CASE("privacy: no evidence is none at all, blur has no clip, masks have none either") {
  House house;
  SECTION("no_evidence") { house.door.privacy = camera::Privacy::no_evidence; }
  SECTION("blur") { house.door.privacy = camera::Privacy::blur; }
  SECTION("a masked part") { house.door.privacy_masks = {{{0, 0}, {1, 0}, {1, 1}}}; }
  const bool pictures = house.door.privacy != camera::Privacy::no_evidence;
  house.open();
  REQUIRE(house.camera->sink() == nullptr);
  house.stream(6s);
  house.raise(1);
  if (pictures) REQUIRE(house.until(1, true, false));
  house.stream(12s);
  house.camera.reset();
  house.evidence.reset();
  REQUIRE(std::filesystem::exists(house.folder / (id(1) + ".jpg")) == pictures);
  REQUIRE_FALSE(std::filesystem::exists(house.folder / (id(1) + ".mp4")));
}

TEST_CASE("the end of the daemon ends a clip with what it has") {
  House house;
  house.open();
  house.stream(10s);
  house.raise(1);
  REQUIRE(house.until(1, true, false));
  house.camera.reset();
  house.evidence.reset();
  REQUIRE_FALSE(std::filesystem::exists(house.folder / (id(1) + ".mp4.part")));
}

TEST_CASE("a reloaded camera's evidence takes over from the old one") {
  House house;
  house.open();
  auto next = house.evidence->camera(house.door);
  next->start();
  house.camera = std::move(next);  // the old one goes after the new one has begun
  house.stream(10s);
  house.raise(1);
  REQUIRE(house.until(1, true, false));
  house.stream(12s);
  REQUIRE(house.until(1, true, true));
}

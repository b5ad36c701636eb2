#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "pipeline/ingest/camera_source.h"
#include "pipeline/ingest/probe.h"
#include "tests/support/catch.h"
#include "tests/unit/ingest/recorder.h"

using namespace std::chrono_literals;
using lynceus::ingest::make_source;
using lynceus::ingest::SourceSettings;
using lynceus::ingest::TransportState;
using lynceus::test::Recorder;

namespace {

SourceSettings settings_of(const std::string& address) {
  SourceSettings settings;
  settings.detect = address;
  return settings;
}

/// Keeps the log of a test out of the way.
struct Quiet {
  Quiet() {
    lynceus::log::capture([](std::string_view) {});
  }
  ~Quiet() { lynceus::log::capture({}); }
};

}  // namespace

TEST_CASE("a drawn scene streams, and stops for good") {
  const Quiet quiet;
  Recorder recorder;
  auto source =
      make_source("cam", settings_of("sim://still?fps=100&size=320x240"), lynceus::system_clock(), recorder, &recorder);
  REQUIRE(source->status().state == TransportState::connecting);
  source->start();
  REQUIRE(recorder.more_frames(5));
  REQUIRE(recorder.state(TransportState::streaming));
  REQUIRE(source->status().width == 320);
  REQUIRE(source->status().codec == "raw");
  REQUIRE(recorder.last()->bgr().size() == cv::Size(320, 240));
  REQUIRE(source->counters().frames_received >= 5);
  REQUIRE(source->counters().last_frame_wall_ms > 0);
  source->stop();
  const int frames = recorder.frames();
  source.reset();
  REQUIRE(recorder.frames() == frames);
}

TEST_CASE("an address of no known kind is refused when the source is made") {
  Recorder recorder;
  for (const char* address : {"gopher://cam/", "sim://nosuchscene", "sim://still?fps=fast", "sim://still?size=640"}) {
    INFO(address);
    REQUIRE_THROWS_AS(make_source("cam", settings_of(address), lynceus::system_clock(), recorder, nullptr),
                      lynceus::Error);
  }
}

TEST_CASE("a file that is not there is offline and tried again") {
  const Quiet quiet;
  Recorder recorder;
  auto source = make_source("cam", settings_of("/no/such/file.mp4"), lynceus::system_clock(), recorder, &recorder);
  source->start();
  REQUIRE(recorder.state(TransportState::offline));
  REQUIRE_FALSE(source->status().reason.empty());
  source->stop();
}

TEST_CASE("a probe says what a source gives") {
  const Quiet quiet;
  const auto found = lynceus::ingest::probe("sim://still?fps=20&size=160x120", 5s);
  REQUIRE(found.state == TransportState::streaming);
  REQUIRE(found.width == 160);
  REQUIRE(found.fps > 15);
  REQUIRE(found.fps < 25);
}

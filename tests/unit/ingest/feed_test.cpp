#include "pipeline/ingest/feed.h"

#include <chrono>
#include <memory>

#include "pipeline/ingest/picture_frame.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/ingest/recorder.h"

using namespace std::chrono_literals;
using lynceus::ingest::Feed;
using lynceus::ingest::Intake;
using lynceus::ingest::Reconnect;
using lynceus::ingest::Stamp;
using lynceus::ingest::TransportState;

namespace {

void send(const Feed& feed) {
  feed.frame({4, 2}, [&](const Stamp& stamp) {
    return lynceus::ingest::make_picture_frame({feed.camera(),
                                                stamp.sequence,
                                                stamp.captured,
                                                stamp.captured_wall,
                                                cv::Mat(2, 4, CV_8UC1, cv::Scalar(7)),
                                                {}});
  });
}

}  // namespace

TEST_CASE("frames are numbered, stamped and handed on; only news that cannot wait end the wait") {
  lynceus::test::FakeClock clock;
  lynceus::test::Recorder recorder;
  auto intake = std::make_shared<Intake>("cam", 0, clock, &recorder);
  const Feed feed(intake, intake->renew());
  send(feed);
  send(feed);
  REQUIRE(recorder.frames() == 2);
  REQUIRE(recorder.last()->sequence() == 1);
  REQUIRE(recorder.last()->captured() == clock.now());
  REQUIRE(intake->look().width == 4);
  REQUIRE(intake->counters().frames_received == 2);
  REQUIRE(intake->wait({}, clock.now()).frame == clock.now());
  REQUIRE_FALSE(intake->wait({}, clock.now()).frame);
}

TEST_CASE("what an old session sends is ignored") {
  lynceus::test::FakeClock clock;
  lynceus::test::Recorder recorder;
  auto intake = std::make_shared<Intake>("cam", 0, clock, &recorder);
  const Feed old(intake, intake->renew());
  const Feed feed(intake, intake->renew());
  send(old);
  old.ended({Reconnect::network, TransportState::offline, "late"});
  REQUIRE(recorder.frames() == 0);
  REQUIRE_FALSE(intake->wait({}, clock.now()).failure);
  intake->close();
  send(feed);
  REQUIRE(recorder.frames() == 0);
}

TEST_CASE("25 frames a second thinned to 10 give 10") {
  lynceus::test::FakeClock clock;
  lynceus::test::Recorder recorder;
  auto intake = std::make_shared<Intake>("cam", 10, clock, &recorder);
  const Feed feed(intake, intake->renew());
  for (int i = 0; i < 250; ++i) {
    send(feed);
    clock.advance(40ms);
  }
  REQUIRE(recorder.frames() >= 99);
  REQUIRE(recorder.frames() <= 101);
  REQUIRE(intake->counters().thinned == 250U - static_cast<unsigned>(recorder.frames()));

  clock.advance(10s);  // after a pause nothing is made up for
  const int before = recorder.frames();
  for (int i = 0; i < 25; ++i) {
    send(feed);
    clock.advance(40ms);
  }
  REQUIRE(recorder.frames() - before <= 11);
}

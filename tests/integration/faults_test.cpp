// Each fault of the simulator: the API says what is the matter, no other camera notices, and it is over by itself.
#include <algorithm>
#include <string>

#include "tests/integration/faults_stage.h"
#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

/// By a plain name: a string made for the call would have GCC fear for the story's life.
const Story& checked(const char* name) {
  const std::string fault = name;
  const Story& story = story_of(fault);
  INFO(fault << story.text());
  REQUIRE(story.trouble.empty());
  CHECK(story.came);
  CHECK(story.went);
  CHECK(story.back_after_s < 35);
  CHECK(story.others_fps > 8);  // of 10, on a machine that has other things to do
  CHECK(story.others_lost <= 4 + 0.01 * story.others_sent);
  return story;
}

bool only(const Story& story, const std::string& state) {
  return std::all_of(story.states.begin(), story.states.end(), [&](const auto& s) { return s == state; });
}

bool connection_kept(const Story& story) { return story.after.reconnects == story.before.reconnects; }

TEST_CASE("drop: a camera that is gone is offline") { CHECK(checked("drop").during.state == "offline"); }

TEST_CASE("stall: a camera that sends nothing is stalled") { CHECK(checked("stall").during.state == "stalled"); }

TEST_CASE("freeze: the same picture again and again is frozen") {
  const Story& story = checked("freeze");
  CHECK(story.during.health == "frozen");
  CHECK(only(story, "streaming"));
  CHECK(connection_kept(story));
}

TEST_CASE("black: a black picture is dark") {
  const Story& story = checked("black");
  CHECK(story.during.health == "dark");
  CHECK(connection_kept(story));
}

TEST_CASE("garbage: broken pictures are counted") {
  const Story& story = checked("garbage");
  CHECK(story.during.decode_errors > story.before.decode_errors);
}

TEST_CASE("resolution: a new size mid-stream is shown, on the same connection") {
  const Story& story = checked("resolution");
  CHECK(story.during.width == 640);
  CHECK(story.during.height == 480);
  CHECK(connection_kept(story));
}

TEST_CASE("codec: another codec after a reconnect is shown") {
  const Story& story = checked("codec");
  CHECK(story.before.codec == "H.264");
  CHECK(story.during.codec != "H.264");
}

TEST_CASE("auth: refused credentials are told as such") { CHECK(checked("auth").during.state == "unauthorized"); }

TEST_CASE("loss: lost packets cost pictures, not the connection") {
  const Story& story = checked("loss");
  CHECK(story.during.decode_errors > story.before.decode_errors);
  CHECK(only(story, "streaming"));
  CHECK(connection_kept(story));
}

TEST_CASE("slow: half the frame rate is no fault, and the rate says so") {
  const Story& story = checked("slow");
  CHECK(story.during.fps < 7);
  CHECK(story.during.health == "ok");
  CHECK(connection_kept(story));
}

TEST_CASE("cover: a cloth over the lens is covered") {
  const Story& story = checked("cover");
  CHECK(story.during.health == "covered");
  CHECK(connection_kept(story));
}

TEST_CASE("move: a camera that was pushed is moved") {
  const Story& story = checked("move");
  CHECK(story.during.health == "moved");
  CHECK(connection_kept(story));
}

TEST_CASE("crash: a camera that starts again is found again") {
  const Story& story = checked("crash");
  CHECK(story.after.reconnects > story.before.reconnects);
}

}  // namespace
}  // namespace lynceus::test

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/integration/simulate_viewer.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/support/simulator.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSmall = "=scene:still,size=160x120,fps=20,loop=2s,gop=500ms";

std::string small(const std::string& id, const std::string& more = {}) { return id + kSmall + more; }

auto frames(int count) {
  return [count](const Seen& s) { return s.frames >= count; };
}

bool ended(const Seen& s) { return s.ended; }

/// A client that comes now gets pictures; tried again as a daemon would.
bool comes_back(const std::string& url) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (std::chrono::steady_clock::now() < deadline) {
    Viewer viewer(url);
    viewer.wait(10s, [](const Seen& s) { return s.ended || s.frames >= 3; });
    if (viewer.seen().frames >= 3) return true;
  }
  return false;
}

TEST_CASE("three codecs and two transports are served and counted") {
  Simulator cameras({small("a"), small("b", ",codec=mjpeg"), small("c", ",bframes=2")});
  for (const auto* id : {"a", "b", "c"}) {
    Viewer viewer(cameras.url(id));
    REQUIRE(viewer.wait(20s, frames(10)));
    REQUIRE(viewer.seen().width == 160);
    REQUIRE(cameras.sent(id).frames >= 10);
    REQUIRE(cameras.sent(id).clients == 1);
  }
  Viewer udp(cameras.url("a"), "udp");
  REQUIRE(udp.wait(20s, frames(5)));
}

TEST_CASE("credentials are asked for") {
  Simulator cameras(
      {small("a", ",user=joe,password=wonderland"), small("b", ",user=joe,password=wonderland,auth=basic")});
  for (const auto* id : {"a", "b"}) {
    Viewer stranger(cameras.url(id));
    REQUIRE(stranger.wait(20s, ended));
    REQUIRE(stranger.seen().frames == 0);
    auto url = cameras.url(id);
    Viewer joe(url.insert(7, "joe:wonderland@"));
    REQUIRE(joe.wait(20s, frames(3)));
  }
}

TEST_CASE("faults of the picture show and pass, the connection stays") {
  Simulator cameras({small("a")});
  Viewer viewer(cameras.url("a"));
  REQUIRE(viewer.wait(20s, frames(3)));

  cameras.fault("a", "freeze", 0ms);
  const int still = viewer.seen().repeats;
  REQUIRE(viewer.wait(20s, [&](const Seen& s) { return s.repeats >= still + 5; }));
  cameras.end_faults("a");

  cameras.fault("a", "black", 0ms);
  REQUIRE(viewer.wait(20s, [](const Seen& s) { return s.mean_luma >= 0 && s.mean_luma < 20; }));
  cameras.fault("a", "cover", 0ms);
  REQUIRE(viewer.wait(20s, [](const Seen& s) { return s.mean_luma > 20 && s.mean_luma < 45; }));
  cameras.end_faults("a");
  REQUIRE(viewer.wait(20s, [](const Seen& s) { return s.mean_luma > 45; }));

  cameras.fault("a", "resolution", 0ms);
  REQUIRE(viewer.wait(20s, [](const Seen& s) { return s.width == 320 && s.height == 240; }));
  cameras.end_faults("a");
  REQUIRE(viewer.wait(20s, [](const Seen& s) { return s.width == 160; }));

  for (const auto* name : {"move", "garbage", "loss:20", "slow"}) {
    cameras.fault("a", name, 300ms);
    const int before = viewer.seen().frames;
    REQUIRE(viewer.wait(20s, frames(before + 20)));
  }
  REQUIRE_FALSE(viewer.seen().ended);
}

TEST_CASE("a stalled camera keeps the connection and sends nothing") {
  Simulator cameras({small("a")});
  Viewer viewer(cameras.url("a"));
  REQUIRE(viewer.wait(20s, frames(3)));
  cameras.fault("a", "stall", 0ms);
  const auto quiet = cameras.sent("a").frames;
  REQUIRE_FALSE(viewer.wait(1s, ended));
  REQUIRE(cameras.sent("a").frames <= quiet + 1);
  cameras.end_faults("a");
  const int before = viewer.seen().frames;
  REQUIRE(viewer.wait(20s, frames(before + 5)));
}

TEST_CASE("faults of the connection end it, and the camera comes back on its port") {
  Simulator cameras({small("a")});
  for (const auto* name : {"drop", "auth", "codec"}) {
    INFO(name);
    Viewer viewer(cameras.url("a"));
    REQUIRE(viewer.wait(20s, frames(3)));
    cameras.fault("a", name, 0ms);
    REQUIRE(viewer.wait(20s, ended));
    Viewer during(cameras.url("a"));
    if (std::string(name) == "codec") {
      REQUIRE(during.wait(20s, frames(3)));
    } else {
      REQUIRE(during.wait(20s, ended));
      REQUIRE(during.seen().frames == 0);
    }
    cameras.end_faults("a");
    REQUIRE(comes_back(cameras.url("a")));
  }
}

TEST_CASE("a crash is one camera's alone, and it is served again at the same place") {
  Simulator cameras({small("a"), small("b")});
  Viewer other(cameras.url("b"));
  REQUIRE(other.wait(20s, frames(3)));
  Viewer viewer(cameras.url("a"));
  REQUIRE(viewer.wait(20s, frames(3)));
  cameras.fault("a", "crash", 0ms);
  REQUIRE(viewer.wait(20s, ended));
  REQUIRE(comes_back(cameras.url("a")));
  const int before = other.seen().frames;
  REQUIRE(other.wait(20s, frames(before + 5)));
  REQUIRE_FALSE(other.seen().ended);
}

TEST_CASE("real streams are played as cameras, whatever a decoder makes of them") {
  LYNCEUS_NEED_DATA(folder, "data/streams/h264");
  std::vector<std::string> specs;
  std::vector<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (ids.size() == 6) break;
    ids.push_back("s" + std::to_string(ids.size()));
    specs.push_back(ids.back() + "=clip:" + entry.path().string());
  }
  Simulator cameras(specs);
  for (const auto& id : ids) {
    Viewer viewer(cameras.url(id));
    viewer.wait(20s, [](const Seen& s) { return s.ended || s.frames >= 3; });
    REQUIRE(cameras.sent(id).frames > 0);
  }
}

}  // namespace
}  // namespace lynceus::test

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tests/support/catch.h"
#include "tools/simulate/spec.h"

namespace lynceus::tools {
namespace {

std::string refusal(const std::string& text) {
  try {
    parse_camera(text);
  } catch (const Error& e) {
    REQUIRE(e.exit() == Exit::usage);
    return e.what();
  }
  return "accepted";
}

TEST_CASE("a camera is described in one word") {
  const auto spec = parse_camera(
      "yard=scene:carpark,fps=12.5,size=1280x720,codec=h265,night=1,seed=7,gop=2s,loop=500ms,bframes=2,quantizer=7,"
      "fault-at=never,"
      "user=joe,password=a=b,auth=digest,transport=udp,matrix=bt601,range=full,fault=loss:3@1+2s/1m");
  REQUIRE(spec.id == "yard");
  REQUIRE(spec.scene == "carpark");
  REQUIRE(spec.fps == 12.5);
  REQUIRE(spec.width == 1280);
  REQUIRE(spec.height == 720);
  REQUIRE(spec.codec == Codec::h265);
  REQUIRE(spec.night);
  REQUIRE(spec.seed == 7);
  REQUIRE(spec.gop_s == 2);
  REQUIRE(spec.loop_s == 1);  // the shortest
  REQUIRE(spec.bframes == 2);
  REQUIRE(spec.quantizer == 7);
  REQUIRE(spec.fault_at_s < 0);
  REQUIRE(spec.password == "a=b");
  REQUIRE(spec.full_range);
  REQUIRE(spec.transport == CameraSpec::Transport::udp);
  REQUIRE(spec.faults.size() == 1);
  REQUIRE(spec.faults[0].fault.kind == FaultKind::loss);
  REQUIRE(spec.faults[0].fault.value == 3);
  REQUIRE(spec.faults[0].start_s == 1);
  REQUIRE(spec.faults[0].duration_s == 2);
  REQUIRE(spec.faults[0].every_s == 60);
}

TEST_CASE("what is left out is as the reference says") {
  const auto scene = parse_camera("a=scene:still");
  REQUIRE(scene.fps == 10);
  REQUIRE(scene.width == 640);
  REQUIRE(scene.codec == Codec::h264);
  const auto clip = parse_camera("b=clip:/films/x.mp4");
  REQUIRE(clip.clip == "/films/x.mp4");
  REQUIRE(clip.fps == 0);  // the file's own
}

TEST_CASE("a wrong word is named with what would do") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"still", "simulate: camera still: ID=scene:NAME,… or ID=clip:PATH,… expected (letters, digits, - and _ in ID)"},
      {"../x=scene:still",
       "simulate: camera ../x: ID=scene:NAME,… or ID=clip:PATH,… expected (letters, digits, - and _ in ID)"},
      {"a=still", "simulate: camera a: scene:NAME or clip:PATH expected after ID="},
      {"a=scene:still,size=641x480",
       "simulate: size=641x480: WIDTHxHEIGHT expected, 64x64 to 3840x2160, multiples of 8"},
      {"a=scene:still,codec=vp8", "simulate: codec=vp8: h264, h265 or mjpeg expected"},
      {"a=scene:still,fps=0", "simulate: fps=0: a number from 0.200000 to 120.000000 expected"},
      {"a=scene:still,user=joe", "simulate: camera a: user and password go together"},
      {"a=scene:still,fault=freeze",
       "simulate: fault=freeze: NAME@START+DURATION or NAME@START+DURATION/EVERY expected"},
      {"a=scene:still,fault=freeze@1+5/5", "simulate: fault=freeze@1+5/5: EVERY longer than DURATION expected"},
      {"a=scene:still,gop=-1", "simulate: gop=-1: a duration like 15, 1.5s, 500ms or 2m expected"},
  };
  for (const auto& [text, line] : cases) REQUIRE(refusal(text) == line);
  REQUIRE(refusal("a=scene:still,colour=red")
              .starts_with("simulate: camera a: colour: unknown key; known are auth, bframes"));
  REQUIRE(refusal("a=scene:still,fault=rain@1+2").starts_with("simulate: fault rain: known are drop, stall"));
}

}  // namespace
}  // namespace lynceus::tools

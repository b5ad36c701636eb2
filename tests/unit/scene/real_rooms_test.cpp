// Real pictures, the network that ships: what is put on the floor is told, a visitor and another lamp are not.
// `./dev prove scene` does the same with all rooms and prints the shares.
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/unit/scene/altered_rooms.h"
#include "tests/unit/scene/room_stage.h"

namespace lynceus {
namespace {

using namespace test;

std::optional<std::string> shipped_network() {
  const char* source = std::getenv("LYNCEUS_SOURCE_DIR");
  const std::string path = std::string(source != nullptr ? source : ".") + "/models/scene.onnx";
  return std::filesystem::exists(path) ? std::optional(path) : std::nullopt;
}

}  // namespace

TEST_CASE("real rooms: a thing on the floor raises and clears; a visitor and another lamp do not", "[heavy]") {
  LYNCEUS_NEED_DATA(folder, "data/indoor/nyuv2_val");
  const auto network = shipped_network();
  if (!network) {
    WARN("skipped: no models/scene.onnx");
    return;
  }
  FileNetwork net(*network);
  std::vector<RealRoom> rooms;
  for (const std::string& name : room_names(*folder)) {
    if (auto room = real_room(*folder, name); room && rooms.size() < 6) rooms.push_back(std::move(*room));
  }
  REQUIRE(rooms.size() == 6);
  int raised = 0, cleared = 0, of = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const RealRoom &room = rooms[i], &other = rooms[i + 3];
    RoomStage stage({}, {room.zone()});
    stage.network = &net;
    stage.show(room.picture, 60);
    REQUIRE(stage.blobs.count("reference.day") == 1);
    stage.show(with_person(room, other.picture), 30);
    stage.show(room.picture, 60);
    REQUIRE_FALSE(stage.active("exit_blocked:door"));
    stage.show(relit(room.picture, 0.75, 0.3, 0.06), 150, false, 2);
    REQUIRE_FALSE(stage.active("exit_blocked:door"));
    REQUIRE_FALSE(stage.active("layout_changed"));
    const auto thing = thing_of(other, 2);
    if (!thing) continue;
    ++of;
    stage.show(with_thing(room, *thing).first, 200, false, 2);
    raised += stage.active("exit_blocked:door");
    stage.show(room.picture, 150, false, 2);
    cleared += !stage.active("exit_blocked:door");
  }
  REQUIRE(of > 0);
  REQUIRE(raised == of);
  REQUIRE(cleared == of);
}

}  // namespace lynceus

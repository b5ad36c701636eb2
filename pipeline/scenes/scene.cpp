#include "pipeline/scenes/scene.h"

#include <array>
#include <string_view>

#include "base/error.h"
#include "pipeline/scenes/carpark.h"
#include "pipeline/scenes/lobby.h"
#include "pipeline/scenes/pipe.h"
#include "pipeline/scenes/room.h"
#include "pipeline/scenes/sky.h"
#include "pipeline/scenes/still.h"

namespace lynceus::scenes {
namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Scene> (*make)(const SceneSettings&);
};

template <typename Kind>
std::unique_ptr<Scene> make(const SceneSettings& settings) {
  return std::make_unique<Kind>(settings);
}

constexpr std::array kScenes{Entry{"pipe", make<PipeScene>}, Entry{"lobby", make<LobbyScene>},
                             Entry{"sky", make<SkyScene>},   Entry{"carpark", make<CarparkScene>},
                             Entry{"room", make<RoomScene>}, Entry{"still", make<StillScene>}};

constexpr int kSmallest_px = 64, kLargest_px = 8192;

void check_size(const SceneSettings& settings) {
  const auto fits = [](int side) { return side >= kSmallest_px && side <= kLargest_px; };
  if (fits(settings.size.width) && fits(settings.size.height)) return;
  throw Error(Exit::usage, "scene", settings.scene,
              "a size of " + std::to_string(settings.size.width) + "x" + std::to_string(settings.size.height) +
                  " is not possible; each side is 64 to 8192");
}

std::string known_scenes() {
  std::string known;
  for (const auto& name : scene_names()) known += (known.empty() ? "" : ", ") + name;
  return known;
}

}  // namespace

std::vector<std::string> scene_names() {
  std::vector<std::string> names;
  for (const Entry& entry : kScenes) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<Scene> make_scene(const SceneSettings& settings) {
  for (const Entry& entry : kScenes) {
    if (entry.name != settings.scene) continue;
    check_size(settings);
    return entry.make(settings);
  }
  throw Error(Exit::usage, "scene", settings.scene, "unknown; known are " + known_scenes());
}

}  // namespace lynceus::scenes

// Knows the room: what is floor, structure, furniture and props, whether exits are free and whether all stands where it
// stood: docs/guide/scene.md.
#include "plugins/scene/room_watch.h"
#include "plugins/scene/settings.h"
#include "plugins/sdk/plugin.h"

namespace lynceus::scene {
namespace {

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "scene";
  info.version = LYNCEUS_VERSION;
  info.summary = "What a room is made of, whether its exits are free and whether all stands where it stood";
  info.when =
      "every_frame";  // it looks seldom by itself; between looks it sees who stirs, and tells where the floor is
  info.options = option_table();
  info.kinds = {"exit_blocked", "layout_changed"};
  info.views = {"segmentation", "labels"};
  info.takes_reference = true;
  return info;
}

}  // namespace
}  // namespace lynceus::scene

LYNCEUS_PLUGIN("scene", lynceus::scene::RoomWatch, lynceus::scene::info)

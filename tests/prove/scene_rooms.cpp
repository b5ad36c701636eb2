// Real rooms in which something happens, seen by the plugin scene with the network that ships, in virtual time:
//
//   scene_rooms NETWORK FOLDER ROOMS      FOLDER has images/ and labels/; one JSON object of counts
//
// A zone lies in the middle of each room's largest floor. Things are cut out of other rooms along their labels.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/scene/altered_rooms.h"
#include "tests/unit/scene/room_stage.h"

namespace lynceus::test {
namespace {

using Counts = std::map<std::string, int>;

struct Lamp {
  double gain, slope, warmth;
};
constexpr Lamp kLamps[] = {{0.7, 0, 0}, {1.2, 0.2, 0.04}, {0.8, -0.3, -0.05}};

std::vector<RealRoom> rooms_of(const std::string& folder, std::size_t most) {
  std::vector<RealRoom> rooms;
  for (const std::string& name : room_names(folder)) {
    if (auto room = real_room(folder, name); room && rooms.size() < most) rooms.push_back(std::move(*room));
  }
  return rooms;
}

/// Of the rooms after this one.
std::vector<Thing> things_for(const std::vector<RealRoom>& rooms, std::size_t of, int of_class, std::size_t most) {
  std::vector<Thing> out;
  for (std::size_t i = 1; i < rooms.size() && out.size() < most; ++i) {
    if (auto thing = thing_of(rooms[(of + i) % rooms.size()], of_class)) out.push_back(std::move(*thing));
  }
  return out;
}

class Watcher {
 public:
  Watcher(FileNetwork& net, const RealRoom& room, Counts& counts)
      : room_(room), counts_(counts), stage_({}, {room.zone()}) {
    stage_.network = &net;
    show(room.picture, 60);
  }

  void nothing() {
    show(room_.picture, 240);
    count_false("nothing");
  }
  void visitor(const cv::Mat& clothes) {
    show(with_person(room_, clothes), 30);
    count_false("visitor");
    show(room_.picture, 90);
    count_false("visitor_gone");
  }
  /// Somebody whom a detector sees stands there for ten minutes.
  void waiting(const cv::Mat& clothes) {
    stage_.facts.people = sdk::People{{person_box()}};
    show(with_person(room_, clothes), 600);
    count_false("waiting");
    stage_.facts.people.reset();
    show(room_.picture, 60);
  }
  void lamp(const Lamp& lamp) {
    show(relit(room_.picture, lamp.gain, lamp.slope, lamp.warmth), 400);
    count_false("lamp");
    show(room_.picture, 150);
  }
  void thing(const Thing& thing, const std::string& name) {
    const auto [picture, covered] = with_thing(room_, thing);
    if (covered < 0.5) return;
    ++counts_[name];
    show(picture, 220);
    const bool raised = blocked();
    counts_[name + "_raised"] += raised;
    show(room_.picture, 180);
    if (raised) counts_[name + "_cleared"] += !blocked();
  }
  void furniture(const std::vector<Thing>& things) {
    ++counts_["rearranged"];
    show(rearranged(room_, things), 420);
    const bool raised = changed();
    counts_["rearranged_raised"] += raised;
    show(room_.picture, 180);
    if (raised) counts_["rearranged_cleared"] += !changed();
  }

 private:
  cv::Rect2d person_box() const {
    const double w = 1.6 * room_.reach_px, h = w * 300 / 110;
    return {room_.centre.x - w / 2, room_.centre.y + 0.6 * room_.reach_px - h, w, h};
  }
  void show(const cv::Mat& picture, double seconds) { stage_.show(picture, seconds, false, 2); }
  bool blocked() const { return stage_.active("exit_blocked:door"); }
  bool changed() const { return stage_.active("layout_changed"); }
  void count_false(const std::string& name) {
    ++counts_[name];
    counts_[name + "_exit"] += blocked();
    counts_[name + "_layout"] += changed();
  }

  const RealRoom& room_;
  Counts& counts_;
  RoomStage stage_;
};

int run(const std::string& network, const std::string& folder, std::size_t most) {
  cv::setNumThreads(1);
  FileNetwork net(network);
  const std::vector<RealRoom> rooms = rooms_of(folder, most);
  Counts counts{{"rooms", int(rooms.size())}};
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    const cv::Mat& clothes = rooms[(i + 1) % rooms.size()].picture;
    Watcher watcher(net, rooms[i], counts);
    watcher.nothing();
    watcher.visitor(clothes);
    watcher.waiting(clothes);
    watcher.lamp(kLamps[i % std::size(kLamps)]);
    for (const Thing& thing : things_for(rooms, i, 2, 1)) watcher.thing(thing, "furniture");
    for (const Thing& thing : things_for(rooms, i, 3, 1)) watcher.thing(thing, "props");
    if (const auto things = things_for(rooms, i, 2, 3); things.size() == 3) watcher.furniture(things);
    std::fprintf(stderr, "%zu of %zu\n", i + 1, rooms.size());
  }
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "{\"" : ", \"") + name + "\": " + std::to_string(count);
  std::printf("%s}\n", text.c_str());
  return 0;
}

}  // namespace
}  // namespace lynceus::test

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "scene_rooms NETWORK FOLDER ROOMS\n");
    return 2;
  }
  try {
    return lynceus::test::run(words[1], words[2], std::size_t(std::max(1, std::atoi(words[3]))));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "scene_rooms: %s\n", error.what());
    return 1;
  }
}

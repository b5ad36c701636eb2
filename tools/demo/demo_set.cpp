#include "tools/demo/demo_set.h"

#include <filesystem>
#include <opencv2/core.hpp>
#include <sstream>
#include <string_view>
#include <system_error>

#include "pipeline/scenes/lobby.h"
#include "pipeline/scenes/room.h"
#include "tools/demo/faulty_film.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSmall = ",fps=10,size=640x480";

/// Limits that damaged insulation breaks within seconds; the reference area is the wall.
constexpr const char* kHotPipe =
    "over_temperature: {alarm: 50, pre_alarm: 45, rise: 5, difference: 15, "
    "reference: [[0.02, 0.02], [0.2, 0.02], [0.2, 0.12], [0.02, 0.12]]}, drift: 0.05, drift_after: 5s";

/// The lobby's floor as four points tell it, a zone before the desk and a line across the hall.
std::string lobby_floor() {
  const auto camera = scenes::LobbyScene::camera_for({640, 480});
  const std::vector<cv::Point2d> corners{{-1.5, 4}, {1.5, 4}, {1.5, 10}, {-1.5, 10}};
  const auto list = [&](const auto& point_of) {
    std::ostringstream out;
    for (const cv::Point2d& corner : corners) {
      const cv::Point2d p = point_of(corner);
      out << (out.str().empty() ? "[" : ", ") << "[" << p.x << ", " << p.y << "]";
    }
    return out.str() + "]";
  };
  const auto share = [&](const cv::Point2d& floor) {
    const cv::Point2d p = camera.pixel({floor.x, floor.y, 0});
    return cv::Point2d(p.x / 640, p.y / 480);
  };
  const std::string image = list(share), metres = list([](const cv::Point2d&p) { return p; });
  const cv::Point2d left = share({-2, 7}), right = share({2, 7});
  std::ostringstream yaml;
  yaml << "    ground: {homography: {image: " << image << ", metres: " << metres << "}}\n"
       << "    zones: {hall: {polygon: " << image << "}}\n"
       << "    lines: {across: {from: [" << left.x << ", " << left.y << "], to: [" << right.x << ", " << right.y
       << "]}}\n";
  return yaml.str();
}

/// The floor before the room's doorway.
std::string room_exit() {
  const scenes::RoomScene room({.scene = "room", .size = {640, 480}, .seed = 1, .night = false, .fault_at_s = -1});
  std::ostringstream yaml;
  for (const cv::Point2d& p : room.way_out()) {
    yaml << (yaml.str().empty() ? "    zones: {exit: {analyzers: [scene], polygon: [[" : ", [") << p.x / 640 << ", "
         << p.y / 480 << "]";
  }
  yaml << "]}}\n";
  return yaml.str();
}

/// Where a value of a specification stands for a file of this run.
std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

}  // namespace

const std::vector<DemoCamera>& demo_cameras() {
  static const std::vector<DemoCamera> cameras{
      {"boiler", "pipes", true, std::string("scene:pipe") + kSmall + ",loop=40,fault-at=12", "", kHotPipe},
      {"attic", "pipes", true, std::string("scene:pipe,seed=2,fault-at=never,fault=cover@20+25/60") + kSmall, ""},
      {"lobby", "people", false, std::string("scene:lobby") + kSmall, lobby_floor(),
       "when: 300ms, crowding: 1, dwell: 4s"},
      {"sky", "targets", true, std::string("scene:sky") + kSmall, "", "loiter_after: 5s"},
      {"carpark", "context", false, std::string("scene:carpark,night=1") + kSmall, ""},
      {"room", "scene", false, std::string("scene:room") + kSmall + ",loop=60,fault-at=16", room_exit(),
       "every: 2s, quiet: 3s, clear_after: 3s, exit.after: 5s, layout.share: 0.05, layout.after: 6s"},
      // Each of the next shows in every minute what may go wrong with a camera.
      {"card", "health", false, std::string("scene:still,fault=freeze@12+20/60") + kSmall, "    frozen_after: 5s\n"},
      {"yard", "health", false,
       std::string("scene:room,seed=2,fault=move@14+16/60,fault=black@34+9/60,fault=cover@46+9/60") + kSmall, ""},
      {"shelf", "health", false, "clip:" + std::string(kFaultyFilm) + ",fps=" + std::to_string(kFaultyFilmFps), ""},
      {"gate", "health", false,
       std::string("scene:still,seed=3,fault=stall@20+12/70,fault=auth@36+9/70,fault=drop@50+8/70") + kSmall, ""},
  };
  return cameras;
}

std::string demo_spec(const DemoCamera& camera, const std::string& film) {
  return replaced(camera.spec, kFaultyFilm, film);
}

std::set<std::string> plugins_in(const std::string& folder) {
  static constexpr std::string_view head = "lynceus_", tail = ".so";
  std::set<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(head) && name.ends_with(tail) && name.size() > head.size() + tail.size())
      names.insert(name.substr(head.size(), name.size() - head.size() - tail.size()));
  }
  return names;
}

std::string plugin_folder(const std::string& program_folder) {
  const fs::path up = fs::path(program_folder).parent_path();
  std::error_code ignored;
  for (const auto& place : {up / "plugins", up / "lib" / "lynceus" / "plugins", up / "lib" / "lynceus"})
    if (!plugins_in(place.string()).empty()) return place.string();
  for (const auto& entry : fs::directory_iterator(up / "lib", ignored))
    for (const auto& place : {entry.path() / "lynceus" / "plugins", entry.path() / "lynceus"})
      if (!plugins_in(place.string()).empty()) return place.string();
  return {};
}

std::string demo_yaml(const DemoConfig& config) {
  std::ostringstream yaml;
  yaml << "# Made by lynceus demo; gone when it ends.\n"
       << "site: demo\n"
       << "server:\n  port: " << config.port << "\n  auth: none\n";
  if (!config.plugin_folder.empty()) yaml << "  plugin_dir: \"" << config.plugin_folder << "\"\n";
  yaml << "storage:\n  directory: \"" << config.state_folder << "\"\n"
       << "alarms:\n  kinds:\n"  // a minute is short: told after three seconds, not after ten
       << "    camera_stalled: {on_delay: 3s}\n    camera_unauthorized: {on_delay: 3s}\n"
       << "    camera_offline: {on_delay: 3s}\n"
       << "notify:\n  sinks:\n    demo:\n      url: \"" << config.sink_url << "\"\n      secrets: [\""
       << config.sink_secret << "\"]\n"
       << "cameras:\n";
  for (const auto& camera : demo_cameras()) {
    const auto url = config.urls.find(camera.id);
    if (url == config.urls.end()) continue;
    yaml << "  " << camera.id << ":\n    url: \"" << url->second << "\"\n    transport: tcp\n";
    if (camera.thermal) yaml << "    kind: thermal\n";
    yaml << camera.extra;
    if (config.plugins.contains(camera.plugin)) {
      yaml << "    analyzers:\n      " << camera.plugin << ": {" << camera.options << "}\n";
    }
  }
  return yaml.str();
}

}  // namespace lynceus::tools

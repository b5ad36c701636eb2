// Procedural scenes good enough to exercise every plugin, each a pure function of time and seed.
//
//   pipe     hot-water pipe in a thermal camera's palette, with scale bar; insulation damage grows after a while
//   lobby    people walk, meet and part on a floor with known metres
//   sky      infrared sky with clouds and one small moving target
//   carpark  by day and by night (see `night`), cars and headlights
//   room     an indoor room with floor, walls, furniture and a doorway that gets blocked
//   still    test card with a running clock, for transport tests
//
// Thread: bound to its owner.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sdk/frame.h"

namespace lynceus::scenes {

struct SceneSettings {
  std::string scene = "still";
  cv::Size size{640, 480};
  std::uint64_t seed = 1;
  bool night = false;      ///< carpark, lobby, room
  double fault_at_s = 15;  ///< when the scene's trouble begins (pipe damage, blocked exit …); negative: never
};

/// What is true in the picture, for tests and evaluation.
struct Truth {
  std::vector<cv::Rect2d> people, targets;  ///< boxes in pixels, cut at the border; targets: sky's spot, car park's car
  std::vector<int> people_ids;
  std::vector<cv::Point2d> people_ground_m;
  bool fault = false;
  std::string fault_kind;
  double max_celsius = 0, min_celsius = 0;
};

class Scene {
 public:
  virtual ~Scene() = default;
  /// BGR picture at this time of the scene's life; the same time gives the same picture.
  virtual cv::Mat render(double time_s) = 0;
  virtual Truth truth(double time_s) const = 0;
  /// 16-bit kelvin × 100 where the scene is thermal.
  virtual std::optional<cv::Mat> radiometric(double time_s) {
    (void)time_s;
    return std::nullopt;
  }
  /// 8-bit class of every pixel where the scene knows it (room: 0 floor, 1 structure, 2 furniture, 3 props).
  virtual std::optional<cv::Mat> labels(double time_s) {
    (void)time_s;
    return std::nullopt;
  }
};

/// Throws Error (Exit::usage) naming the known scenes for an unknown one.
std::unique_ptr<Scene> make_scene(const SceneSettings& settings);
std::vector<std::string> scene_names();

}  // namespace lynceus::scenes

// A car park by day and by night, from the same camera: buildings, trees, lamps, marked bays, parked cars.
//
// What stands still is the same geometry by day and by night, so both pictures register exactly; by night lamps, lit
// windows and headlights are all the light there is. A car drives through every 12 s, in turn from either side, and a
// person walks along the path in front.
// Thread: bound to its owner.
#pragma once

#include <vector>

#include "pipeline/scenes/figure.h"
#include "pipeline/scenes/ground_camera.h"
#include "pipeline/scenes/noise.h"
#include "pipeline/scenes/scene.h"
#include "pipeline/scenes/vehicle.h"
#include "pipeline/scenes/walk.h"

namespace lynceus::scenes {

class CarparkScene final : public Scene {
 public:
  static constexpr double kEvery_s = 12;

  explicit CarparkScene(const SceneSettings& settings);
  cv::Mat render(double time_s) override;
  /// `targets` holds the box of the car that drives, `people` the person.
  Truth truth(double time_s) const override;

  const GroundCamera& camera() const { return camera_; }
  /// The car that drives at this time; nothing while the lane is empty.
  std::optional<Vehicle> driving(double time_s) const;
  FigurePose walker(double time_s) const;

 private:
  cv::Mat albedo() const;
  void draw_ground(cv::Mat& picture) const;
  void draw_far(Painter& painter) const;
  void draw_trees(cv::Mat& picture) const;
  void draw_lamp_posts(Painter& painter, bool near) const;
  void draw_front(Painter& painter) const;
  void draw_lit_window(Painter& painter, int number) const;
  void light_by_night();
  double light_at(const cv::Point2d& ground) const;
  std::vector<cv::Point> beam(const Vehicle& car, double reach_m) const;
  void headlights(cv::Mat& picture, const Vehicle& car) const;
  cv::Rect2d box(const Vehicle& car) const;

  SceneSettings settings_;
  GroundCamera camera_;
  cv::Mat albedo_;      // all surfaces in even light
  cv::Mat background_;  // what a frame starts from
  cv::Mat front_;       // CV_8U mask of what stands before the lane
  NoiseTile noise_;
  Walk path_;
  FigureLook look_;
};

}  // namespace lynceus::scenes

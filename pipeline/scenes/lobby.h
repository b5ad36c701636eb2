// People walk through an entrance hall: some together, some pass each other, all on a floor with known metres.
//
// The camera hangs 3.2 m high and looks 18° down; camera() turns floor metres into pixels and back. Figures have moving
// limbs and the size their distance gives them. By night: near-infrared, grey, darker, with noise.
// Thread: bound to its owner.
#pragma once

#include "pipeline/scenes/figure.h"
#include "pipeline/scenes/ground_camera.h"
#include "pipeline/scenes/noise.h"
#include "pipeline/scenes/scene.h"
#include "pipeline/scenes/walk.h"

namespace lynceus::scenes {

class LobbyScene final : public Scene {
 public:
  explicit LobbyScene(const SceneSettings& settings);
  cv::Mat render(double time_s) override;
  Truth truth(double time_s) const override;

  const GroundCamera& camera() const { return camera_; }
  /// Of pictures of this size.
  static GroundCamera camera_for(cv::Size size);

 private:
  struct Visitor {
    Walk walk;
    double beside_m;  ///< to the left of the walk: friends share one
    FigureLook look;
  };
  FigurePose pose(const Visitor& visitor, double time_s) const;
  /// Numbers of the visitors, the farthest first.
  std::vector<std::size_t> far_to_near(double time_s) const;
  cv::Mat hall() const;
  cv::Mat by_night(const cv::Mat& picture, double time_s) const;

  SceneSettings settings_;
  GroundCamera camera_;
  cv::Mat hall_;
  cv::Mat lamp_;  // CV_8U, the infrared lamp's light by night
  NoiseTile noise_;
  std::vector<Visitor> visitors_;
};

}  // namespace lynceus::scenes

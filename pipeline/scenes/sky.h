// An infrared sky: soft clouds drift, one small warm target crosses, leaves and comes back; on its way it passes behind a
// thick bank of cloud and is out of sight for a moment.
//
// 8-bit grey as BGR. The target is a Gaussian spot (σ 0.8–1.2 px: what a lens makes of a point), on a smooth path that
// passes clear sky and cloud edges; between two passes it is gone for a while.
// Thread: bound to its owner.
#pragma once

#include "pipeline/scenes/noise.h"
#include "pipeline/scenes/scene.h"

namespace lynceus::scenes {

class SkyScene final : public Scene {
 public:
  static constexpr double kPass_s = 16, kAway_s = 4;            ///< on its way, then away
  static constexpr double kHidden_s = 9.5, kHiddenFor_s = 1.2;  ///< into a pass: behind the bank

  explicit SkyScene(const SceneSettings& settings);
  cv::Mat render(double time_s) override;
  Truth truth(double time_s) const override;

  /// Centre of the target; nothing while it is away, hidden or outside the picture.
  std::optional<cv::Point2d> target(double time_s) const;

 private:
  double sigma(double time_s) const;
  std::optional<cv::Point2d> on_its_way(double time_s) const;
  void draw_bank(cv::Mat& grey, double time_s) const;
  void draw_target(cv::Mat& grey, double time_s) const;

  SceneSettings settings_;
  cv::Mat clouds_;    // CV_8U, two pictures wide and periodic across
  cv::Mat gradient_;  // CV_8U, the sky's own
  NoiseTile noise_;
};

}  // namespace lynceus::scenes

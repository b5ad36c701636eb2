// A horizontal hot-water pipe seen by a thermal camera whose insulation fails.
//
// Water of 68 °C, insulation at some 33 °C, a wall of 21 °C. From `fault_at_s` on the insulation is damaged: a hot spot
// grows. `kMissingAfter_s` later a whole section has fallen off: the bare pipe shows, hot and thinner than the
// insulation. render() is the camera's own picture: iron palette, scale bar with °C limits at the right, a spot
// cross-hair. radiometric() is the same temperatures as kelvin × 100, without overlays. Thread: bound to its owner.
#pragma once

#include "pipeline/scenes/noise.h"
#include "pipeline/scenes/scene.h"

namespace lynceus::scenes {

class PipeScene final : public Scene {
 public:
  static constexpr double kMissingAfter_s = 12;
  static constexpr double kLow_celsius = 15, kHigh_celsius = 70;

  explicit PipeScene(const SceneSettings& settings);
  cv::Mat render(double time_s) override;
  Truth truth(double time_s) const override;
  std::optional<cv::Mat> radiometric(double time_s) override;

  /// The colours of the scale bar, hottest at the top, without its frame.
  cv::Rect scale_bar() const;
  /// The pipe with its insulation, over the whole width.
  cv::Rect pipe() const;
  /// The damaged spot or the bare section at this time; empty while all is well.
  cv::Rect defect(double time_s) const;

 private:
  cv::Mat wall_and_pipe() const;
  void add_damage(cv::Mat& centi, double time_s) const;
  void remove_section(cv::Mat& centi, double time_s) const;
  cv::Mat centi_celsius(double time_s) const;
  cv::Mat overlay() const;
  double age(double time_s) const;

  SceneSettings settings_;
  cv::Mat healthy_;  // CV_16S, 1/100 °C
  NoiseTile netd_;
  cv::Mat palette_;
  cv::Mat overlay_, overlay_mask_;
};

}  // namespace lynceus::scenes

// A living room in perspective: floor, walls, furniture, props, and a doorway that gets blocked.
//
// Where the fault is at least 12 s away, somebody stands in the doorway from 9 to 3 s before it. From `fault_at_s` on
// cardboard boxes stand in front of the doorway, from 12 s after it on sofa and table are elsewhere too. labels() is
// the class of every pixel: 0 floor, 1 structure (walls, ceiling, door), 2 furniture, 3 props (people too). Thread:
// bound to its owner.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "pipeline/scenes/figure.h"
#include "pipeline/scenes/ground_camera.h"
#include "pipeline/scenes/noise.h"
#include "pipeline/scenes/painter.h"
#include "pipeline/scenes/scene.h"

namespace lynceus::scenes {

class RoomScene final : public Scene {
 public:
  enum Label { kFloor = 0, kStructure = 1, kFurniture = 2, kProps = 3 };

  explicit RoomScene(const SceneSettings& settings);
  cv::Mat render(double time_s) override;
  Truth truth(double time_s) const override;
  std::optional<cv::Mat> labels(double time_s) override;

  /// Box of the doorway in the picture: what must stay free.
  cv::Rect doorway() const;
  /// The floor before the doorway, four corners in pixels.
  std::vector<cv::Point2d> way_out() const;

 private:
  enum class Stage { free, blocked, rearranged };
  struct View {
    cv::Mat picture, labels;
  };
  Stage stage(double time_s) const;
  const View& view_at(double time_s) const;
  std::optional<FigurePose> visitor(double time_s) const;
  View view(Stage stage) const;
  void draw_shell(View& view) const;
  void draw_furniture(Painter& painter, bool rearranged) const;
  void draw_props(Painter& painter, bool vase) const;
  void draw_shadows(View& view, Stage stage) const;

  SceneSettings settings_;
  GroundCamera camera_;
  View free_, blocked_, rearranged_;
  NoiseTile noise_;
};

}  // namespace lynceus::scenes

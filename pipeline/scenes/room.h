// A living room in perspective: floor, walls, furniture, props, and a doorway that gets blocked.
//
// From `fault_at_s` on cardboard boxes stand in front of the doorway. labels() is the class of every pixel: 0 floor,
// 1 structure (walls, ceiling, door), 2 furniture, 3 props.
// Thread: bound to its owner.
#pragma once

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

 private:
  struct View {
    cv::Mat picture, labels;
  };
  bool blocked(double time_s) const;
  View view(bool blocked) const;
  void draw_shell(View& view) const;
  void draw_furniture(Painter& painter) const;
  void draw_props(Painter& painter) const;
  void draw_shadows(View& view, bool blocked) const;

  SceneSettings settings_;
  GroundCamera camera_;
  View free_, blocked_;
  NoiseTile noise_;
};

}  // namespace lynceus::scenes

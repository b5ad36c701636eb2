// A walking person as a 3-D skeleton of round limbs, drawn through the camera model.
//
// Every part (head, torso, upper arm, shin …) is the hull of a few spheres, so that the outline is right from every
// side and height. The lower foot always stands on the floor. A detector trained on photographs of people fires on it.
// Thread: reentrant.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "pipeline/scenes/ground_camera.h"

namespace lynceus::scenes {

struct FigureLook {
  double height_m = 1.75;
  cv::Scalar skin{150, 175, 215}, hair{35, 45, 60}, shirt{120, 70, 40}, trousers{60, 50, 45}, shoes{30, 30, 35};
};

struct FigurePose {
  cv::Point2d ground;       ///< metres, midway between the feet
  double heading = 0;       ///< radians from +X towards +Y
  double stride_phase = 0;  ///< radians; one turn is two steps
};

/// Box around the whole outline, in pixels, not clipped to the picture.
cv::Rect2d figure_box(const GroundCamera& camera, const FigureLook& look, const FigurePose& pose);
/// Draws the shadow on the floor and the figure over it. `light` 0..1 dims it.
void draw_figure(cv::Mat& picture, const GroundCamera& camera, const FigureLook& look, const FigurePose& pose,
                 double light = 1);
/// A different person for every number, the same for the same.
FigureLook figure_look(std::uint64_t seed, int number);

}  // namespace lynceus::scenes

// A car as a few solids: body, cabin with dark glass, wheels, lights.
//
// Parked cars point along Y, moving ones along X; both are axis-parallel, which is all the car park needs.
// Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

#include "pipeline/scenes/painter.h"

namespace lynceus::scenes {

struct Vehicle {
  cv::Point2d centre;        ///< metres
  bool along_x = false;      ///< moving cars; parked ones stand along Y
  bool towards_low = false;  ///< its front points to smaller X (or Y)
  cv::Scalar colour{60, 60, 140};
  bool lights = false;
};

constexpr int kVehicleLabel = 255;  ///< what cars write into a label map: a mask
constexpr double kCarLength_m = 4.3, kCarWidth_m = 1.8, kCarHeight_m = 1.45;

/// `brightness` dims the paint (night); lights shine regardless.
void draw_vehicle(Painter& painter, const Vehicle& vehicle, double brightness = 1);
/// Footprint on the floor.
cv::Rect2d footprint(const Vehicle& vehicle);

}  // namespace lynceus::scenes

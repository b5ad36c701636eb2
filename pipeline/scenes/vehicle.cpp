#include "pipeline/scenes/vehicle.h"

namespace lynceus::scenes {
namespace {

constexpr double kSill = 0.28, kBonnet = 0.85;

/// A part of the footprint, in fractions along the car (0 = front) and across it.
cv::Rect2d part(const Vehicle& car, double from, double to, double margin) {
  const cv::Rect2d all = footprint(car);
  const double begin = car.towards_low ? from : 1 - to, end = car.towards_low ? to : 1 - from;
  if (car.along_x) {
    return {all.x + begin * all.width, all.y + margin, (end - begin) * all.width, all.height - 2 * margin};
  }
  return {all.x + margin, all.y + begin * all.height, all.width - 2 * margin, (end - begin) * all.height};
}

void box(Painter& painter, const cv::Rect2d& plan, double low, double high, const Paint& paint) {
  painter.frustum(plan, low, plan, high, paint);
}

void draw_wheels(Painter& painter, const Vehicle& car, double brightness) {
  for (const double at : {0.19, 0.80}) {
    box(painter, part(car, at - 0.075, at + 0.075, 0), 0, 0.6, {cv::Scalar(26, 26, 26), kVehicleLabel, brightness});
  }
}

void draw_lights(Painter& painter, const Vehicle& car, double brightness) {
  for (const double side : {0.06, 0.74}) {
    const auto lamp = [&](double from, double to, const Paint& paint) {
      cv::Rect2d plan = part(car, from, to, 0);
      (car.along_x ? plan.y : plan.x) += side * kCarWidth_m;
      (car.along_x ? plan.height : plan.width) = 0.2 * kCarWidth_m;
      box(painter, plan, 0.52, 0.72, paint);
    };
    const double glow = car.lights ? 1 : brightness;
    lamp(-0.012, 0.03, {car.lights ? cv::Scalar(250, 255, 255) : cv::Scalar(190, 195, 195), kVehicleLabel, glow});
    lamp(0.97, 1.012, {car.lights ? cv::Scalar(40, 40, 255) : cv::Scalar(40, 40, 140), kVehicleLabel, glow});
  }
}

}  // namespace

cv::Rect2d footprint(const Vehicle& car) {
  const double x = car.along_x ? kCarLength_m : kCarWidth_m, y = car.along_x ? kCarWidth_m : kCarLength_m;
  return {car.centre.x - x / 2, car.centre.y - y / 2, x, y};
}

void draw_vehicle(Painter& painter, const Vehicle& car, double brightness) {
  box(painter, part(car, 0.02, 0.98, 0.12), 0.05, kSill, {cv::Scalar(22, 22, 22), kVehicleLabel, brightness});
  draw_wheels(painter, car, brightness);
  box(painter, part(car, 0, 1, 0.04), kSill, kBonnet, {car.colour, kVehicleLabel, brightness});
  draw_lights(painter, car, brightness);
  painter.frustum(part(car, 0.26, 0.94, 0.08), kBonnet, part(car, 0.42, 0.86, 0.24), kCarHeight_m - 0.06,
                  {cv::Scalar(70, 62, 55), kVehicleLabel, brightness});
  const cv::Rect2d roof = part(car, 0.42, 0.86, 0.24);
  painter.frustum(roof, kCarHeight_m - 0.06, roof, kCarHeight_m, {car.colour, kVehicleLabel, brightness});
}

}  // namespace lynceus::scenes

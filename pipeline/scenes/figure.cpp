#include "pipeline/scenes/figure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "pipeline/scenes/noise.h"

namespace lynceus::scenes {
namespace {

constexpr int kShift = 4;

struct Sphere {
  cv::Point3d centre;
  double radius;
};

struct Part {
  std::vector<Sphere> spheres;
  cv::Scalar colour;
  double depth = 0;
};

/// Where a limb of two bones ends, for angles from straight down (positive: forward).
struct Limb {
  cv::Point2d joint, end;  // forward, up
};

Limb limb(cv::Point2d root, double upper, double lower, double upper_angle, double lower_angle) {
  const cv::Point2d joint = root + upper * cv::Point2d(std::sin(upper_angle), -std::cos(upper_angle));
  return {joint, joint + lower * cv::Point2d(std::sin(lower_angle), -std::cos(lower_angle))};
}

/// Builds the parts of one body: units of body height, forward / left / up of the person, then placed in the world.
class Body {
 public:
  Body(const FigureLook& look, const FigurePose& pose) : look_(look), pose_(pose) {
    std::array<Limb, 2> legs{leg(0), leg(std::numbers::pi)};
    lift_ = kAnkle - std::min(legs[0].end.y, legs[1].end.y);
    for (int i = 0; i < 2; ++i) add_leg(legs[static_cast<std::size_t>(i)], i == 0 ? 1 : -1);
    add_torso();
    for (int i = 0; i < 2; ++i) add_arm(i == 0 ? 1 : -1);
    add_head();
  }

  std::vector<Part>& parts() { return parts_; }

 private:
  static constexpr double kHip = 0.515, kAnkle = 0.035, kShoulder = 0.815;

  Limb leg(double shift) const {
    const double phase = pose_.stride_phase + shift;
    const double thigh = 0.05 + 0.40 * std::sin(phase);
    const double bend = 0.08 + 0.55 * std::max(0.0, std::cos(phase + 0.25));  // the knee bends while the leg swings on
    return limb({0, kHip}, 0.245, 0.24, thigh, thigh - bend);
  }

  cv::Point3d world(double forward, double left, double up) const {
    const double c = std::cos(pose_.heading), s = std::sin(pose_.heading), h = look_.height_m;
    return {pose_.ground.x + h * (forward * c - left * s), pose_.ground.y + h * (forward * s + left * c),
            h * (up + lift_)};
  }

  Sphere at(double forward, double left, double up, double radius) const {
    return {world(forward, left, up), radius * look_.height_m};
  }

  void add(std::vector<Sphere> spheres, const cv::Scalar& colour) { parts_.push_back({std::move(spheres), colour}); }

  void add_leg(const Limb& leg, int sign) {
    const double side = 0.052 * sign;
    add({at(0, side, kHip, 0.058), at(leg.joint.x, side, leg.joint.y, 0.040)}, look_.trousers);
    add({at(leg.joint.x, side, leg.joint.y, 0.040), at(leg.end.x, side * 0.9, leg.end.y, 0.028)}, look_.trousers);
    add({at(leg.end.x - 0.015, side * 0.9, leg.end.y - 0.012, 0.024),
         at(leg.end.x + 0.085, side, leg.end.y - 0.018, 0.018)},
        look_.shoes);
  }

  void add_torso() {
    add({at(0, 0.086, kShoulder - 0.016, 0.038), at(0, -0.086, kShoulder - 0.016, 0.038), at(0.012, 0, 0.70, 0.078),
         at(0, 0.062, 0.70, 0.052), at(0, -0.062, 0.70, 0.052), at(0, 0.05, kHip + 0.005, 0.058),
         at(0, -0.05, kHip + 0.005, 0.058)},
        look_.shirt);
  }

  void add_arm(int sign) {
    const double swing = -0.38 * sign * std::sin(pose_.stride_phase);
    const Limb arm = limb({0, kShoulder - 0.02}, 0.17, 0.15, swing, swing + 0.25);
    const double side = 0.112 * sign, out = 0.132 * sign;
    add({at(0, side * 0.92, kShoulder - 0.02, 0.036), at(arm.joint.x, out, arm.joint.y, 0.027)}, look_.shirt);
    add({at(arm.joint.x, out, arm.joint.y, 0.026), at(arm.end.x, out, arm.end.y, 0.021)}, look_.shirt * 0.92);
    add({at(arm.end.x, out, arm.end.y - 0.015, 0.022), at(arm.end.x + 0.01, out, arm.end.y - 0.04, 0.018)}, look_.skin);
  }

  void add_head() {
    add({at(0.005, 0, 0.83, 0.036), at(0.01, 0, 0.875, 0.034)}, look_.skin * 0.85);
    add({at(0.018, 0, 0.905, 0.046), at(0.01, 0, 0.945, 0.052)}, look_.skin);
    add({at(-0.022, 0, 0.925, 0.046), at(-0.002, 0, 0.952, 0.053)}, look_.hair);
  }

  const FigureLook& look_;
  const FigurePose& pose_;
  double lift_ = 0;
  std::vector<Part> parts_;
};

struct Circle {
  cv::Point2d centre;
  double radius;
};

Circle project(const GroundCamera& camera, const Sphere& sphere) {
  return {camera.pixel(sphere.centre), sphere.radius * camera.pixels_per_metre(sphere.centre)};
}

cv::Rect2d box_of(const GroundCamera& camera, const std::vector<Part>& parts) {
  double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
  for (const Part& part : parts) {
    for (const Sphere& sphere : part.spheres) {
      const Circle circle = project(camera, sphere);
      left = std::min(left, circle.centre.x - circle.radius);
      top = std::min(top, circle.centre.y - circle.radius);
      right = std::max(right, circle.centre.x + circle.radius);
      bottom = std::max(bottom, circle.centre.y + circle.radius);
    }
  }
  return {left, top, right - left, bottom - top};
}

/// Far parts first, so that the near arm covers the torso and the torso the far one.
void sort_by_depth(const GroundCamera& camera, std::vector<Part>& parts) {
  for (Part& part : parts) {
    double nearest = 1e9;
    for (const Sphere& sphere : part.spheres) nearest = std::min(nearest, camera.depth(sphere.centre) - sphere.radius);
    part.depth = nearest;
  }
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.depth > b.depth; });
}

std::vector<cv::Point> hull(const GroundCamera& camera, const Part& part, cv::Point origin) {
  constexpr int kRound = 14;
  std::vector<cv::Point> points;
  const double scale = 1 << kShift;
  for (const Sphere& sphere : part.spheres) {
    const Circle circle = project(camera, sphere);
    for (int i = 0; i < kRound; ++i) {
      const double turn = 2 * std::numbers::pi * i / kRound;
      points.emplace_back(cvRound((circle.centre.x - 0.5 - origin.x + circle.radius * std::cos(turn)) * scale),
                          cvRound((circle.centre.y - 0.5 - origin.y + circle.radius * std::sin(turn)) * scale));
    }
  }
  std::vector<cv::Point> outline;
  cv::convexHull(points, outline);
  return outline;
}

/// The soft patch on the floor that ties a figure to it.
void draw_shadow(cv::Mat& picture, const GroundCamera& camera, cv::Point2d ground) {
  std::vector<cv::Point2d> rim;
  for (int i = 0; i < 20; ++i) {
    const double turn = std::numbers::pi * i / 10;
    rim.push_back(camera.pixel({ground.x + 0.14 + 0.42 * std::cos(turn), ground.y + 0.1 + 0.30 * std::sin(turn), 0}));
  }
  std::vector<cv::Point> outline;
  for (const auto& point : rim) outline.emplace_back(cvRound(point.x), cvRound(point.y));
  const int soft = std::max(1, cvRound(camera.pixels_per_metre({ground.x, ground.y, 0}) * 0.08));
  const cv::Rect reach = cv::boundingRect(outline);
  const cv::Rect around =
      cv::Rect(reach.x - 2 * soft, reach.y - 2 * soft, reach.width + 4 * soft, reach.height + 4 * soft);
  const cv::Rect seen = around & cv::Rect({0, 0}, picture.size());
  if (seen.empty()) return;
  cv::Mat dim(seen.size(), CV_8U, cv::Scalar(255)), dim_bgr;
  cv::fillConvexPoly(
      dim,
      [&] {
        for (auto& p : outline) p -= seen.tl();
        return outline;
      }(),
      cv::Scalar(150));
  cv::blur(dim, dim, {2 * soft + 1, 2 * soft + 1});
  cv::cvtColor(dim, dim_bgr, cv::COLOR_GRAY2BGR);
  cv::Mat floor = picture(seen);
  cv::multiply(floor, dim_bgr, floor, 1.0 / 255);
}

/// Cloth is darker towards its outline and has a grain; both keep it from looking like cut paper.
void shade(cv::Mat& paint, const cv::Mat& mask, double body_px) {
  const int reach = std::max(1, cvRound(body_px * 0.03));
  cv::Mat round, round_bgr;
  cv::blur(mask, round, {2 * reach + 1, 2 * reach + 1}, {-1, -1}, cv::BORDER_CONSTANT);
  round.convertTo(round, CV_8U, 0.5, 127);
  cv::cvtColor(round, round_bgr, cv::COLOR_GRAY2BGR);
  cv::multiply(paint, round_bgr, paint, 1.0 / 255);
}

void blend(cv::Mat picture, const cv::Mat& paint, const cv::Mat& mask) {
  cv::Mat behind, behind_bgr;
  cv::bitwise_not(mask, behind);
  cv::cvtColor(behind, behind_bgr, cv::COLOR_GRAY2BGR);
  cv::multiply(picture, behind_bgr, picture, 1.0 / 255);
  cv::add(picture, paint, picture);
}

}  // namespace

cv::Rect2d figure_box(const GroundCamera& camera, const FigureLook& look, const FigurePose& pose) {
  return box_of(camera, Body(look, pose).parts());
}

void draw_figure(cv::Mat& picture, const GroundCamera& camera, const FigureLook& look, const FigurePose& pose,
                 double light) {
  if (camera.depth({pose.ground.x, pose.ground.y, look.height_m}) < 0.5) return;
  Body body(look, pose);
  sort_by_depth(camera, body.parts());
  const cv::Rect2d box = box_of(camera, body.parts());
  const cv::Rect seen =
      cv::Rect(cvFloor(box.x) - 3, cvFloor(box.y) - 3, cvCeil(box.width) + 7, cvCeil(box.height) + 7) &
      cv::Rect({0, 0}, picture.size());
  if (seen.empty()) return;
  draw_shadow(picture, camera, pose.ground);
  cv::Mat paint = cv::Mat::zeros(seen.size(), CV_8UC3), mask = cv::Mat::zeros(seen.size(), CV_8U);
  for (const Part& part : body.parts()) {
    const auto outline = hull(camera, part, seen.tl());
    cv::fillConvexPoly(paint, outline, part.colour * light, cv::LINE_AA, kShift);
    cv::fillConvexPoly(mask, outline, cv::Scalar(255), cv::LINE_AA, kShift);
  }
  shade(paint, mask, box.height);
  blend(picture(seen), paint, mask);
}

FigureLook figure_look(std::uint64_t seed, int number) {
  const std::array<cv::Scalar, 6> shirts{cv::Scalar(40, 40, 150), {130, 70, 30}, {50, 50, 50},
                                         {200, 205, 205},         {60, 110, 50}, {35, 80, 140}};
  const std::array<cv::Scalar, 4> trousers{cv::Scalar(70, 45, 35), {35, 35, 38}, {50, 65, 80}, {95, 65, 45}};
  const auto pick = [&](std::uint64_t salt) { return hash01(hash(seed, salt), static_cast<std::uint64_t>(number)); };
  FigureLook look;
  look.height_m = 1.64 + 0.24 * pick(1);
  look.shirt = shirts[static_cast<std::size_t>(number) % shirts.size()];
  look.trousers = trousers[static_cast<std::size_t>(pick(2) * 3.999)];
  look.hair = look.hair * (0.5 + pick(3) * 1.3);
  look.skin = look.skin * (0.65 + 0.4 * pick(4));
  return look;
}

}  // namespace lynceus::scenes

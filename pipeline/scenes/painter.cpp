#include "pipeline/scenes/painter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/imgproc.hpp>

namespace lynceus::scenes {
namespace {

constexpr double kNear = 0.1;
constexpr int kShift = 4;  // sub-pixel bits of OpenCV's drawing
constexpr double kTop = 1.0, kFront = 0.82, kSide = 0.66;

/// The part of a convex face that lies in front of the camera.
std::vector<cv::Point3d> clip(const GroundCamera& camera, const std::vector<cv::Point3d>& corners) {
  std::vector<cv::Point3d> kept;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const cv::Point3d& a = corners[i];
    const cv::Point3d& b = corners[(i + 1) % corners.size()];
    const double near_a = camera.depth(a) - kNear, near_b = camera.depth(b) - kNear;
    if (near_a >= 0) kept.push_back(a);
    if ((near_a < 0) != (near_b < 0)) kept.push_back(a + (b - a) * (near_a / (near_a - near_b)));
  }
  return kept;
}

cv::Point fixed(cv::Point2d at) {
  constexpr double kFar = 20000;  // OpenCV's drawing overflows beyond
  const double scale = 1 << kShift;
  return {cvRound(std::clamp(at.x - 0.5, -kFar, kFar) * scale), cvRound(std::clamp(at.y - 0.5, -kFar, kFar) * scale)};
}

cv::Point3d middle(const std::vector<cv::Point3d>& corners) {
  cv::Point3d sum;
  for (const auto& corner : corners) sum += corner;
  return sum * (1.0 / static_cast<double>(corners.size()));
}

}  // namespace

void Painter::fill(const std::vector<cv::Point>& polygon, const Paint& paint, double shade) {
  const cv::Scalar colour = paint.colour * (shade * paint.shade);
  cv::fillConvexPoly(picture_, polygon, colour, cv::LINE_AA, kShift);
  if (labels_ != nullptr) cv::fillConvexPoly(*labels_, polygon, cv::Scalar(paint.label), cv::LINE_8, kShift);
}

void Painter::face(const std::vector<cv::Point3d>& corners, const Paint& paint) {
  std::vector<cv::Point> polygon;
  for (const auto& corner : clip(camera_, corners)) polygon.push_back(fixed(camera_.pixel(corner)));
  if (polygon.size() >= 3) fill(polygon, paint, 1);
}

void Painter::side(const std::vector<cv::Point3d>& corners, const Paint& paint, double shade) {
  const cv::Point3d normal = (corners[1] - corners[0]).cross(corners[2] - corners[0]);
  const cv::Point3d sight = middle(corners) - cv::Point3d(0, 0, camera_.height_m());
  if (normal.dot(sight) >= 0) return;  // looks away
  Paint lit = paint;
  lit.shade *= shade;
  face(corners, lit);
}

void Painter::box(const cv::Point3d& low, const cv::Point3d& high, const Paint& paint) {
  const cv::Rect2d plan(low.x, low.y, high.x - low.x, high.y - low.y);
  frustum(plan, low.z, plan, high.z, paint);
}

void Painter::frustum(const cv::Rect2d& bottom, double low, const cv::Rect2d& top, double high, const Paint& paint) {
  const auto corners = [](const cv::Rect2d& plan, double z) {
    return std::vector<cv::Point3d>{{plan.x, plan.y, z},
                                    {plan.x + plan.width, plan.y, z},
                                    {plan.x + plan.width, plan.y + plan.height, z},
                                    {plan.x, plan.y + plan.height, z}};
  };
  const auto b = corners(bottom, low), t = corners(top, high);
  side({b[2], b[3], t[3], t[2]}, paint, kFront);
  side({b[1], b[2], t[2], t[1]}, paint, kSide);
  side({b[3], b[0], t[0], t[3]}, paint, kSide);
  side({b[0], b[1], t[1], t[0]}, paint, kFront);
  side(t, paint, kTop);
}

void Painter::disc(const cv::Point3d& centre, double radius_m, const Paint& paint) {
  if (camera_.depth(centre) < kNear) return;
  const cv::Point at = fixed(camera_.pixel(centre));
  const int radius = cvRound(radius_m * camera_.pixels_per_metre(centre) * (1 << kShift));
  cv::circle(picture_, at, radius, paint.colour * paint.shade, cv::FILLED, cv::LINE_AA, kShift);
  if (labels_ != nullptr) cv::circle(*labels_, at, radius, cv::Scalar(paint.label), cv::FILLED, cv::LINE_8, kShift);
}

}  // namespace lynceus::scenes

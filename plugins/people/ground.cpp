#include "plugins/people/ground.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/calib3d.hpp>
#include <stdexcept>
#include <string>

#include "plugins/people/homography.h"

namespace lynceus::people {
namespace {

constexpr double kFarthest_m = 1e4;  ///< beyond, a point is as good as on the horizon

bool all_shares(const std::vector<cv::Point2d>& points) {
  return std::all_of(points.begin(), points.end(), [](const cv::Point2d& p) { return p.x <= 1 && p.y <= 1; });
}

}  // namespace

Ground::Ground(const cv::Matx33d& to_metres) : to_metres_(to_metres), to_pixel_(to_metres.inv()) {}

Ground Ground::of(const sdk::Ground& described, cv::Size picture) {
  if (described.calibration) return of_camera(*described.calibration, picture);
  if (described.homography) return of_points(*described.homography, picture);
  throw std::invalid_argument("neither four points nor a calibration");
}

Ground Ground::of_points(const sdk::Ground::Homography& points, cv::Size picture) {
  std::vector<cv::Point2d> image = points.image;
  if (all_shares(image)) {
    for (cv::Point2d& p : image) p = {p.x * picture.width, p.y * picture.height};
  }
  const std::string fault = four_point_fault(image, points.metres);
  if (!fault.empty()) throw std::invalid_argument("homography: " + fault);
  return Ground(homography(image, points.metres));
}

Ground Ground::of_camera(const sdk::Ground::Calibration& camera, cv::Size picture) {
  if (camera.size.width <= 0 || camera.size.height <= 0) throw std::invalid_argument("calibration: no picture size");
  const double sx = double(picture.width) / camera.size.width, sy = double(picture.height) / camera.size.height;
  const cv::Matx33d scale(sx, 0, 0, 0, sy, 0, 0, 0, 1);
  const cv::Matx33d k = scale * camera.k;
  const cv::Matx33d& r = camera.r;
  const cv::Matx33d to_camera(r(0, 0), r(0, 1), camera.t_m[0], r(1, 0), r(1, 1), camera.t_m[1], r(2, 0), r(2, 1),
                              camera.t_m[2]);
  const cv::Matx33d to_pixel = k * to_camera;
  if (!(std::abs(cv::determinant(to_pixel)) > 1e-9))
    throw std::invalid_argument("calibration: the camera lies in the floor");
  // The third coordinate is the depth in front of the camera; that of its inverse has the same sign.
  Ground out(to_pixel.inv());
  out.to_pixel_ = to_pixel;
  out.calibrated_ = true;
  out.focal_ = k(0, 0);
  out.k_ = k;
  out.distortion_ = camera.distortion;
  if (std::all_of(out.distortion_.begin(), out.distortion_.end(), [](double v) { return v == 0; }))
    out.distortion_.clear();
  return out;
}

cv::Point2d Ground::straight(const cv::Point2d& pixel) const {
  if (distortion_.empty()) return pixel;
  std::vector<cv::Point2d> in{pixel}, out;
  cv::undistortPoints(in, out, k_, distortion_, cv::noArray(), k_,
                      cv::TermCriteria(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 50, 1e-9));
  return out[0];
}

cv::Point2d Ground::bent(const cv::Point2d& pixel) const {
  if (distortion_.empty()) return pixel;
  const cv::Vec3d ray = k_.inv() * cv::Vec3d(pixel.x, pixel.y, 1);
  std::vector<cv::Point2d> out;
  cv::projectPoints(std::vector<cv::Point3d>{{ray[0] / ray[2], ray[1] / ray[2], 1}}, cv::Vec3d(), cv::Vec3d(), k_,
                    distortion_, out);
  return out[0];
}

std::optional<cv::Point2d> Ground::metres(const cv::Point2d& pixel) const {
  const cv::Vec3d v = mapped(to_metres_, straight(pixel));
  if (!(v[2] > 0)) return std::nullopt;
  const cv::Point2d out(v[0] / v[2], v[1] / v[2]);
  if (!(std::abs(out.x) < kFarthest_m && std::abs(out.y) < kFarthest_m)) return std::nullopt;
  return out;
}

std::optional<cv::Point2d> Ground::pixel(const cv::Point2d& metres) const {
  const cv::Vec3d v = mapped(to_pixel_, metres);
  // Where the inverse says "in front" depends on how the mapping was scaled: ask it the way round that is known.
  if (v[2] == 0) return std::nullopt;
  const cv::Point2d out(v[0] / v[2], v[1] / v[2]);
  if (!(mapped(to_metres_, out)[2] > 0)) return std::nullopt;
  return bent(out);
}

std::optional<cv::Matx22d> Ground::jacobian(const cv::Point2d& pixel) const {
  const cv::Point2d at = straight(pixel);
  const cv::Vec3d v = mapped(to_metres_, at);
  if (!(v[2] > 0)) return std::nullopt;
  const cv::Matx33d& h = to_metres_;
  const double x = v[0] / v[2], y = v[1] / v[2], w = v[2];
  const cv::Matx22d plane((h(0, 0) - x * h(2, 0)) / w, (h(0, 1) - x * h(2, 1)) / w, (h(1, 0) - y * h(2, 0)) / w,
                          (h(1, 1) - y * h(2, 1)) / w);
  if (distortion_.empty()) return plane;
  const cv::Point2d dx = straight(pixel + cv::Point2d(0.5, 0)) - straight(pixel - cv::Point2d(0.5, 0));
  const cv::Point2d dy = straight(pixel + cv::Point2d(0, 0.5)) - straight(pixel - cv::Point2d(0, 0.5));
  return plane * cv::Matx22d(dx.x, dy.x, dx.y, dy.y);
}

}  // namespace lynceus::people

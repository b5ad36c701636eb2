#include "plugins/people/homography.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lynceus::people {
namespace {

using Points = std::span<const cv::Point2d>;

/// Centre to the origin, mean distance to √2.
cv::Matx33d normalising(Points points) {
  cv::Point2d centre;
  for (const auto& p : points) centre += p;
  centre *= 1.0 / double(points.size());
  double distance = 0;
  for (const auto& p : points) distance += cv::norm(p - centre);
  distance /= double(points.size());
  if (!(distance > 0)) throw std::invalid_argument("the points are all the same");
  const double s = std::sqrt(2.0) / distance;
  return {s, 0, -s * centre.x, 0, s, -s * centre.y, 0, 0, 1};
}

cv::Point2d applied(const cv::Matx33d& h, const cv::Point2d& p) {
  const cv::Vec3d v = mapped(h, p);
  return {v[0] / v[2], v[1] / v[2]};
}

double cross(const cv::Point2d& o, const cv::Point2d& a, const cv::Point2d& b) { return (a - o).cross(b - o); }

double area(Points p) {
  double twice = 0;
  for (std::size_t i = 0; i < p.size(); ++i) twice += p[i].cross(p[(i + 1) % p.size()]);
  return twice / 2;
}

std::string shape_fault(Points p) {
  double longest = 0;
  for (const auto& a : p) {
    for (const auto& b : p) longest = std::max(longest, cv::norm(a - b));
  }
  const double least = 1e-6 * longest * longest;
  int left = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double turn = cross(p[i], p[(i + 1) % 4], p[(i + 2) % 4]);
    if (!(std::abs(turn) > least)) return "three of the points lie on a line";
    left += turn > 0;
  }
  return left == 0 || left == 4 ? "" : "the points do not go round a convex area in order";
}

}  // namespace

cv::Matx33d homography(Points from, Points to) {
  if (from.size() != to.size() || from.size() < 4)
    throw std::invalid_argument("at least four pairs of points are needed");
  const cv::Matx33d a = normalising(from), b = normalising(to);
  cv::Mat rows = cv::Mat::zeros(int(2 * from.size()), 9, CV_64F);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const cv::Point2d p = applied(a, from[i]), q = applied(b, to[i]);
    const double first[] = {p.x, p.y, 1, 0, 0, 0, -q.x * p.x, -q.x * p.y, -q.x};
    const double second[] = {0, 0, 0, p.x, p.y, 1, -q.y * p.x, -q.y * p.y, -q.y};
    std::copy(std::begin(first), std::end(first), rows.ptr<double>(int(2 * i)));
    std::copy(std::begin(second), std::end(second), rows.ptr<double>(int(2 * i + 1)));
  }
  cv::Mat solution;
  cv::SVD::solveZ(rows, solution);
  const cv::Matx33d h = b.inv() * cv::Matx33d(solution.ptr<double>()) * a;
  if (!(std::abs(cv::determinant(h)) > 1e-300)) throw std::invalid_argument("the points fix no mapping");
  int ahead = 0;
  for (const auto& p : from) ahead += mapped(h, p)[2] > 0;
  if (ahead != 0 && ahead != int(from.size()))
    throw std::invalid_argument("the points lie on both sides of the horizon");
  return ahead == 0 ? h * -1.0 : h;
}

std::string four_point_fault(Points image, Points metres) {
  if (image.size() != 4 || metres.size() != 4) return "four points are needed, in the picture and in metres";
  for (const Points points : {image, metres}) {
    for (const auto& p : points) {
      if (!std::isfinite(p.x) || !std::isfinite(p.y)) return "a number that is not finite";
    }
  }
  if (const std::string fault = shape_fault(image); !fault.empty()) return "image: " + fault;
  if (const std::string fault = shape_fault(metres); !fault.empty()) return "metres: " + fault;
  if ((area(image) > 0) == (area(metres) > 0)) {
    return "the floor would be seen from below: two points are swapped, or metres is mirrored";
  }
  return "";
}

}  // namespace lynceus::people

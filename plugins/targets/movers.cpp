#include "plugins/targets/movers.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace lynceus::targets {
namespace {

constexpr int kLeastSeen = 4;       // frames
constexpr double kLeftPlace = 0.5;  // of its larger side
constexpr double kKeep_s = 2, kForgetNew_s = 0.5;
constexpr double kPerson_m = 2.4;  // more is a vehicle
constexpr double kSizeInertia = 0.7;
constexpr std::size_t kMost = 64;

cv::Point2d middle(const cv::Rect2d& box) { return {box.x + box.width / 2, box.y + box.height / 2}; }
double larger_side(const cv::Rect2d& box) { return std::max(box.width, box.height); }

cv::Matx33d of_points(const sdk::Ground::Homography& points, cv::Size picture) {
  std::vector<cv::Point2f> from, to;
  for (std::size_t i = 0; i < 4; ++i) {
    from.emplace_back(float(points.image.at(i).x * picture.width), float(points.image.at(i).y * picture.height));
    to.emplace_back(float(points.metres.at(i).x), float(points.metres.at(i).y));
  }
  cv::Matx33d h = cv::Matx33d(cv::getPerspectiveTransform(from, to).ptr<double>());
  const cv::Vec3d there = h * cv::Vec3d(from[0].x, from[0].y, 1);
  return there[2] < 0 ? -1.0 * h : h;
}

cv::Matx33d of_camera(const sdk::Ground::Calibration& camera, cv::Size picture) {
  const cv::Matx33d& r = camera.r;
  const cv::Matx33d to_camera(r(0, 0), r(0, 1), camera.t_m[0], r(1, 0), r(1, 1), camera.t_m[1], r(2, 0), r(2, 1),
                              camera.t_m[2]);
  const cv::Matx33d size(double(picture.width) / camera.size.width, 0, 0, 0,
                         double(picture.height) / camera.size.height, 0, 0, 0, 1);
  const cv::Matx33d to_pixel = size * camera.k * to_camera;
  const cv::Matx33d to_metres = to_pixel.inv();
  const cv::Vec3d below = to_metres * cv::Vec3d(picture.width / 2.0, picture.height, 1);
  return below[2] < 0 ? -1.0 * to_metres : to_metres;  // the lowest row of the picture shows floor
}

}  // namespace

FloorScale::FloorScale(const sdk::Ground& ground, cv::Size picture)
    : to_metres_(ground.homography ? of_points(*ground.homography, picture)
                                   : of_camera(ground.calibration.value(), picture)) {}

std::optional<double> FloorScale::size_m(const cv::Rect2d& box) const {
  const cv::Vec3d left = to_metres_ * cv::Vec3d(box.x, box.y + box.height, 1);
  const cv::Vec3d right = to_metres_ * cv::Vec3d(box.x + box.width, box.y + box.height, 1);
  if (left[2] <= 0 || right[2] <= 0 || box.width <= 0) return std::nullopt;
  const double width_m = std::hypot(left[0] / left[2] - right[0] / right[2], left[1] / left[2] - right[1] / right[2]);
  return width_m * larger_side(box) / box.width;
}

/// Empty: neither a person's nor a vehicle's.
std::string MoverBook::size_class(const cv::Rect2d& box) const {
  if (scale_) {
    const auto size = scale_->size_m(box);
    if (!size || *size < settings_.least_m || *size > settings_.most_m) return "";
    return *size <= kPerson_m ? "person" : "vehicle";
  }
  const double size = larger_side(box);
  if (size < settings_.least_px || size > settings_.most_px) return "";
  return box.height >= box.width ? "person" : "vehicle";
}

void MoverBook::update(const sdk::Input& input, double passed_s) {
  if (input.frame.size() != size_) {
    size_ = input.frame.size();
    forget();
    if (ground_) scale_.emplace(*ground_, size_);
  }
  if (input.light == sdk::Light::adapting) return;
  for (Known& known : movers_) known.unseen_s += passed_s;
  for (const cv::Rect& region : input.motion_regions) join(region);
  std::erase_if(movers_,
                [](const Known& known) { return known.unseen_s > (known.confirmed ? kKeep_s : kForgetNew_s); });
}

/// To the nearest that it may be, or a new one.
void MoverBook::join(const cv::Rect2d& box) {
  const std::string fits = size_class(box);
  if (fits.empty()) return;
  Known* nearest = nullptr;
  double least = larger_side(box);
  for (Known& known : movers_) {
    const double distance = cv::norm(middle(known.box) - middle(box));
    if (known.unseen_s > 0 && distance < least) nearest = &known, least = distance;
  }
  if (nearest) return saw(*nearest, box);
  if (movers_.size() >= kMost) return;
  Known fresh;
  fresh.id = next_id_++;
  fresh.box = box;
  fresh.first = middle(box);
  fresh.size_class = fits;
  movers_.push_back(std::move(fresh));
}

void MoverBook::saw(Known& known, const cv::Rect2d& box) {
  const cv::Point2d at = middle(box);
  const cv::Size2d size(kSizeInertia * known.box.width + (1 - kSizeInertia) * box.width,
                        kSizeInertia * known.box.height + (1 - kSizeInertia) * box.height);
  known.box = {at.x - size.width / 2, box.y + box.height - size.height, size.width, size.height};
  known.unseen_s = 0;
  ++known.seen;
  known.confirmed = known.confirmed ||
                    (known.seen >= kLeastSeen && cv::norm(at - known.first) >= kLeftPlace * larger_side(known.box));
  if (const std::string now = size_class(known.box); !now.empty()) known.size_class = now;
}

sdk::Movers MoverBook::confirmed(const sdk::Facts& facts) const {
  sdk::Movers out;
  for (const Known& known : movers_) {
    const bool detected =
        facts.people && std::any_of(facts.people->boxes.begin(), facts.people->boxes.end(),
                                    [&](const cv::Rect2d& person) { return person.contains(middle(known.box)); });
    if (known.confirmed && !detected) out.movers.push_back({known.id, known.box, known.size_class});
  }
  return out;
}

}  // namespace lynceus::targets

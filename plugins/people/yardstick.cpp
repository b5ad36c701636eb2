#include "plugins/people/yardstick.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plugins/people/plane.h"
#include "plugins/people/ruler.h"

namespace lynceus::people {
namespace {

constexpr double kLimit_px = 400, kLimitWidth = 1920;
constexpr double kLeastArea_m = 1;

Method best(const Settings& settings, const Ground* ground) {
  if (ground != nullptr) return ground->calibrated() ? Method::calibration : Method::homography;
  return settings.focal_px ? Method::perspective : Method::pixels;
}

Spot in_picture(const cv::Point2d& at, double height) {
  const cv::Vec2d sigma = foot_sigma(height);
  return {at, {sigma[0] * sigma[0], 0, 0, sigma[1] * sigma[1]}};
}

cv::Point2d centre_of(const cv::Rect2d& box) { return {box.x + box.width / 2, box.y + box.height / 2}; }

}  // namespace

Yardstick::Yardstick(const Settings& settings, const Ground* ground, cv::Size picture)
    : ground_(ground), picture_(picture), method_(settings.method.value_or(best(settings, ground))) {
  if (on_floor() && ground == nullptr)
    throw std::invalid_argument(std::string("method ") + name_of(method_) + " needs the camera's ground");
  if (method_ == Method::calibration && !ground->calibrated())
    throw std::invalid_argument("method calibration needs a calibration, not four points");
  centre_ = method_ == Method::pixels && settings.centre;
  limit_ = metric() ? settings.limit_m : settings.limit_px.value_or(kLimit_px * picture.width / kLimitWidth);
  if (method_ != Method::perspective) return;
  const auto known = ground != nullptr ? ground->focal_px() : std::nullopt;
  if (!settings.focal_px && !known) throw std::invalid_argument("method perspective needs focal_px or a calibration");
  focal_ = settings.focal_px.value_or(known.value_or(0));
}

std::optional<Spot> Yardstick::spot(const Person& person) const {
  if (person.state == State::unknown) return std::nullopt;
  switch (method_) {
    case Method::pixels:
      return in_picture(centre_ ? centre_of(person.box) : person.foot, person.box.height);
    case Method::perspective:
      return perspective_spot(person.box, person.foot, focal_, picture_.width / 2.0);
    case Method::homography:
    case Method::calibration:
      break;
  }
  return person.ground;
}

std::optional<cv::Point2d> Yardstick::place(const Person& person) const {
  if (person.ground) return person.ground->at;
  if (on_floor()) return std::nullopt;
  return method_ == Method::perspective
             ? std::optional(perspective_spot(person.box, person.foot, focal_, picture_.width / 2.0).at)
             : std::optional(person.foot);
}

/// Around the floor under a grid of the picture's points, as far as `range_m` from the nearest.
std::optional<cv::Rect2d> Yardstick::floor_seen(double range_m) const {
  if (ground_ == nullptr) return std::nullopt;
  const auto near = ground_->metres({picture_.width / 2.0, double(picture_.height)});
  if (!near) return std::nullopt;
  cv::Point2d low = *near, high = *near;
  for (int i = 0; i <= 20; ++i) {
    for (int j = 0; j <= 40; ++j) {
      const auto p = ground_->metres({picture_.width * i / 20.0, picture_.height * j / 40.0});
      if (!p || cv::norm(*p - *near) > range_m) continue;
      low = {std::min(low.x, p->x), std::min(low.y, p->y)};
      high = {std::max(high.x, p->x), std::max(high.y, p->y)};
    }
  }
  return cv::Rect2d(low, high);
}

cv::Rect2d Yardstick::area(const Settings& settings) const {
  if (settings.floor.size() == 4) return {settings.floor[0], settings.floor[1], settings.floor[2], settings.floor[3]};
  cv::Rect2d out(0, 0, picture_.width, picture_.height);
  if (on_floor()) out = floor_seen(settings.range_m).value_or(cv::Rect2d(0, 0, settings.range_m, settings.range_m));
  if (method_ == Method::perspective) out = {-settings.range_m / 2, 0, settings.range_m, settings.range_m};
  out.width = std::max(out.width, kLeastArea_m);
  out.height = std::max(out.height, kLeastArea_m);
  return out;
}

}  // namespace lynceus::people

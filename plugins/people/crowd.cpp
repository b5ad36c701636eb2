#include "plugins/people/crowd.h"

#include <algorithm>
#include <cmath>

namespace lynceus::people {
namespace {

constexpr double kHidden_px = 5;                    // a box that ends so near the picture's lower edge has no feet
constexpr std::int64_t kElsewhere = 1'000'000'000;  // ids of those beyond the horizon

/// Floor within some pixels: a foot point is no more exact.
bool is_floor(const cv::Mat& mask, const cv::Point2d& foot, double tolerance, cv::Size picture) {
  const double sx = double(mask.cols) / picture.width, sy = double(mask.rows) / picture.height;
  const int x = std::clamp(int(foot.x * sx), 0, mask.cols - 1), y = std::clamp(int(foot.y * sy), 0, mask.rows - 1);
  const int rx = int(tolerance * sx), ry = int(tolerance * sy);
  const cv::Rect around = cv::Rect(x - rx, y - ry, 2 * rx + 1, 2 * ry + 1) & cv::Rect({}, mask.size());
  return cv::countNonZero(mask(around)) > 0;
}

}  // namespace

Crowd::Crowd(const Ground* ground, double foot_fraction, double sure, cv::Size picture, std::int64_t before)
    : ground_(ground), foot_fraction_(foot_fraction), sure_(sure), picture_(picture) {
  reset(before);
}

void Crowd::reset(std::int64_t before) {
  TrackerSettings settings;
  settings.sure = sure_;
  settings.foot_fraction = foot_fraction_;
  settings.first_id = before + 1;
  on_floor_ = std::make_unique<Tracker>(settings, ground_ != nullptr ? Plane(ground_) : Plane(), picture_);
  settings.first_id = kElsewhere + before;
  elsewhere_ = ground_ != nullptr ? std::make_unique<Tracker>(settings, Plane(), picture_) : nullptr;
}

Person Crowd::person(std::int64_t id, const cv::Rect2d& box, double score) const {
  Person out;
  out.id = id;
  out.box = box;
  out.score = score;
  out.foot = {box.x + box.width / 2, box.y + foot_fraction_ * box.height};
  if (ground_ != nullptr) out.ground = Plane(ground_).spot(out.foot, box.height);
  return out;
}

std::vector<Person> Crowd::count(std::span<const Detection> boxes) const {
  std::vector<Person> out;
  for (const Detection& d : boxes) {
    if (d.score >= sure_) out.push_back(person(std::int64_t(out.size()) + 1, d.box, d.score));
  }
  return out;
}

std::vector<Person> Crowd::follow(std::span<const Detection> boxes, double time_s) {
  std::vector<Detection> low, high;
  for (const Detection& d : boxes) {
    const cv::Point2d foot(d.box.x + d.box.width / 2, d.box.y + foot_fraction_ * d.box.height);
    const bool beyond = ground_ != nullptr && !ground_->metres(foot);
    (beyond ? high : low).push_back(d);
  }
  std::vector<Person> out;
  const auto add = [&](std::span<const Tracked> tracked, bool floor) {
    for (const Tracked& t : tracked) {
      Person p = person(t.id, t.box, t.score);
      p.seen = t.seen;
      if (floor) p.ground = t.spot, p.velocity = t.velocity;
      out.push_back(p);
    }
  };
  add(on_floor_->step(low, time_s), ground_ != nullptr);
  if (elsewhere_) add(elsewhere_->step(high, time_s), false);
  return out;
}

std::int64_t Crowd::counted() const {
  const std::int64_t low = on_floor_->next_id() - 1;
  return elsewhere_ ? std::max(low, elsewhere_->next_id() - kElsewhere) : low;
}

std::vector<cv::Rect2d> Crowd::expected(double time_s) const {
  std::vector<cv::Rect2d> out = on_floor_->expected(time_s);
  if (!elsewhere_) return out;
  for (const cv::Rect2d& box : elsewhere_->expected(time_s)) out.push_back(box);
  return out;
}

void Crowd::doubt(std::span<Person> people, bool feet, const std::optional<sdk::FloorMask>& floor) const {
  const bool masked = floor && !floor->mask.empty() && floor->mask.type() == CV_8UC1;
  for (Person& p : people) {
    if (!feet) continue;
    if (p.box.y + p.box.height >= picture_.height - kHidden_px) {
      p.reason = Reason::foot_hidden;
    } else if (ground_ != nullptr && !p.ground) {
      p.reason = Reason::above_horizon;
    } else if (masked && !is_floor(floor->mask, p.foot, 0.03 * p.box.height, picture_)) {
      p.reason = Reason::off_floor;
    }
    if (p.reason == Reason::none) continue;
    p.state = State::unknown;
    p.ground.reset();
  }
}

}  // namespace lynceus::people

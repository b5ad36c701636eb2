#include "plugins/people/line_watch.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace lynceus::people {
namespace {

constexpr double kClear = 0.04;  // of a box's height beside the line
constexpr double kForget_s = 5;

cv::Point2d scaled(const cv::Point2d& p, cv::Size size) { return {p.x * size.width, p.y * size.height}; }

}  // namespace

LineWatch::LineWatch(const sdk::Line& line, cv::Size picture)
    : name_(line.name), from_(scaled(line.from, picture)), to_(scaled(line.to, picture)) {}

double LineWatch::side(const cv::Point2d& p) const {
  const cv::Point2d along = to_ - from_;
  return along.cross(p - from_) / std::max(cv::norm(along), 1e-9);
}

bool LineWatch::cuts(const cv::Point2d& a, const cv::Point2d& b) const {
  const cv::Point2d way = b - a;
  return way.cross(from_ - a) * way.cross(to_ - a) <= 0;
}

void LineWatch::update(std::span<const Person> people, double time_s) {
  crossed_.clear();
  for (const Person& person : people) {
    const double off = side(person.foot);
    if (std::abs(off) < std::max(1.0, kClear * person.box.height)) continue;
    const Seen now{person.foot, off > 0, time_s};
    const auto [entry, fresh] = last_.try_emplace(person.id, now);
    const Seen before = std::exchange(entry->second, now);
    if (!fresh && before.right != now.right && cuts(before.foot, now.foot)) crossed_.emplace_back(person.id, now.right);
  }
  std::erase_if(last_, [&](const auto& item) { return time_s - item.second.at_s > kForget_s; });
}

void LineWatch::add_to(sdk::Observations& out) const {
  for (const auto& [id, right] : crossed_) {
    const std::string direction = right ? "left_to_right" : "right_to_left";
    out.counters.push_back({"line_crossings", 1, {{"line", name_}, {"direction", direction}}});
    out.events.push_back({"line_crossed", id, name_, direction, sdk::Severity::info, "Somebody crossed " + name_});
  }
}

}  // namespace lynceus::people

#include "plugins/people/area.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>

namespace lynceus::people {
namespace {

constexpr double kAway_s = 1.5;   // out of the zone or unseen for longer: the visit is over
constexpr double kCrowded_s = 2;  // too many for so long

std::string people(std::size_t n) { return std::to_string(n) + (n == 1 ? " person" : " people"); }

}  // namespace

Area::Area(const AreaSettings& settings, cv::Size picture) : settings_(settings), picture_(picture) {
  for (const cv::Point2d& p : settings.polygon)
    outline_.emplace_back(float(p.x * picture.width), float(p.y * picture.height));
}

bool Area::holds(cv::Point2d foot) const {
  if (outline_.empty()) return true;
  foot.x = std::clamp(foot.x, 0.0, double(picture_.width));
  foot.y = std::clamp(foot.y, 0.0, double(picture_.height));
  return cv::pointPolygonTest(outline_, cv::Point2f(foot), false) >= 0;
}

bool Area::accepts(const cv::Rect2d& box, double score) const {
  const double height = box.height / std::max(picture_.height, 1);
  return score >= settings_.least_score && height >= settings_.least_height && height <= settings_.greatest_height;
}

void Area::reset() {
  visits_.clear();
  crowded_since_s_ = -1;
  crowded_ = false;
}

void Area::visit(std::int64_t id, double time_s) {
  const auto [entry, fresh] = visits_.try_emplace(id, Visit{time_s, time_s});
  entry->second.seen_s = time_s;
  if (fresh) entered_.push_back(id);
}

void Area::update(std::span<const Person> people, double time_s, bool tracked) {
  entered_.clear();
  count_ = 0;
  for (const Person& person : people) {
    if (!holds(person.foot)) continue;
    ++count_;
    if (tracked) visit(person.id, time_s);
  }
  std::erase_if(visits_, [&](const auto& item) { return time_s - item.second.seen_s > kAway_s; });
  longest_s_ = 0;
  for (const auto& [id, visit] : visits_) longest_s_ = std::max(longest_s_, visit.seen_s - visit.from_s);
  const bool many = settings_.crowding > 0 && count_ > std::size_t(settings_.crowding);
  if (!many) crowded_since_s_ = -1;
  if (many && crowded_since_s_ < 0) crowded_since_s_ = time_s;
  crowded_ = many && (!tracked || time_s - crowded_since_s_ >= kCrowded_s);
}

void Area::add_to(sdk::Observations& out) const {
  out.measurements.push_back({"people", double(count_), "", {{"zone", settings_.name}}});
  if (settings_.crowding > 0) {
    sdk::Condition c{
        "crowding", settings_.name, crowded_, sdk::Severity::warning, people(count_) + " at once", {}, {}, "", {}};
    c.value = double(count_), c.limit = settings_.crowding;
    out.conditions.push_back(std::move(c));
  }
  if (settings_.name.empty()) return;
  out.measurements.push_back({"longest_stay", longest_s_, "s", {{"zone", settings_.name}}});
  if (settings_.dwell_s > 0) {
    const bool stays = longest_s_ > settings_.dwell_s;
    sdk::Condition c{
        "dwell", settings_.name, stays, sdk::Severity::warning, "Somebody stays in " + settings_.name, {}, {}, "s", {}};
    c.value = longest_s_, c.limit = settings_.dwell_s;
    out.conditions.push_back(std::move(c));
  }
  for (const std::int64_t id : entered_) {
    out.counters.push_back({"zone_entries", 1, {{"zone", settings_.name}}});
    if (!settings_.entered) continue;
    out.events.push_back(
        {"zone_entered", id, settings_.name, "", sdk::Severity::info, "Somebody entered " + settings_.name});
  }
}

}  // namespace lynceus::people

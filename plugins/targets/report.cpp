#include "plugins/targets/report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::targets {
namespace {

const char* name_of(TargetState state) {
  switch (state) {
    case TargetState::tentative:
      return "tentative";
    case TargetState::tracked:
      return "tracked";
    case TargetState::lost:
      return "lost";
  }
  return "lost";
}

sdk::Event event(const char* kind, std::int64_t id, const std::string& zone, std::string summary) {
  sdk::Event out;
  out.kind = kind;
  out.entity = id;
  out.zone = zone;
  out.severity = sdk::Severity::warning;
  out.summary = std::move(summary);
  return out;
}

std::string there(const std::string& zone) { return zone.empty() ? std::string("the picture") : zone; }

bool inside(const sdk::Polygon& polygon, cv::Point2d at) {
  bool in = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const cv::Point2d &a = polygon[i], &b = polygon[j];
    if ((a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x) in = !in;
  }
  return in;
}

double side_of(cv::Point2d a, cv::Point2d b, cv::Point2d p) { return (b - a).cross(p - a); }

}  // namespace

void tell_targets(const std::vector<Target>& targets, sdk::Observations& out) {
  sdk::Value::Array list;
  int confirmed = 0;
  for (const Target& target : targets) {
    sdk::Value one;
    one.set("id", target.id)
        .set("box", sdk::Value::Array{target.box.x, target.box.y, target.box.width, target.box.height})
        .set("score", target.score)
        .set("snr_db", target.snr_db ? sdk::Value(*target.snr_db) : sdk::Value())
        .set("state", name_of(target.state));
    list.push_back(std::move(one));
    const bool tracked = target.state == TargetState::tracked;
    confirmed += tracked;
    const cv::Scalar colour = tracked ? cv::Scalar(60, 200, 255) : cv::Scalar(140, 140, 140);
    out.overlay.boxes.push_back({target.box, colour, tracked ? "target " + std::to_string(target.id) : std::string()});
    if (target.state != TargetState::tentative)
      out.entities.push_back({target.id, "target", target.box, target.score, {}, name_of(target.state)});
  }
  out.details.set("targets", std::move(list));
  out.measurements.push_back({"targets", double(confirmed), "targets", {}});
}

std::set<std::string> Happenings::places_of(cv::Point2d at) const {
  std::set<std::string> names;
  if (zones_.empty()) names.insert("");
  for (const sdk::Zone& zone : zones_) {
    if (inside(zone.polygon, at)) names.insert(zone.name);
  }
  return names;
}

void Happenings::crossings(std::int64_t id, cv::Point2d from, cv::Point2d to, sdk::Observations& out) const {
  for (const sdk::Line& line : lines_) {
    const double before = side_of(line.from, line.to, from), after = side_of(line.from, line.to, to);
    const bool across =
        (before < 0) != (after < 0) && (side_of(from, to, line.from) < 0) != (side_of(from, to, line.to) < 0);
    if (!across) continue;
    sdk::Event crossed = event("line_crossed", id, line.name, "A target crossed " + line.name);
    crossed.direction = after < 0 ? "left" : "right";
    out.events.push_back(std::move(crossed));
  }
}

void Happenings::moved(std::int64_t id, Known& known, const Target& target, cv::Point2d at, sdk::Observations& out) {
  const auto now = places_of(at);
  for (const std::string& zone : now) {
    if (known.in.contains(zone)) continue;
    known.since_s[zone] = target.age_s;
    out.events.push_back(event("target_entered", id, zone, "A target entered " + there(zone)));
  }
  for (const std::string& zone : known.in) {
    if (!now.contains(zone)) out.events.push_back(event("target_left", id, zone, "A target left " + there(zone)));
  }
  known.in = now;
  known.at = at;
  known.age_s = target.age_s;
}

void Happenings::update(const std::vector<Target>& targets, cv::Size picture, sdk::Observations& out) {
  for (auto& [id, known] : known_) known.seen = false;
  for (const Target& target : targets) {
    if (target.state == TargetState::tentative) continue;
    const cv::Point2d at(target.centre().x / picture.width, target.centre().y / picture.height);
    const auto [entry, fresh] = known_.try_emplace(target.id);
    Known& known = entry->second;
    known.seen = true;
    if (target.state == TargetState::lost) continue;
    if (!fresh) crossings(target.id, known.at, at, out);
    moved(target.id, known, target, at, out);
  }
  std::erase_if(known_, [&](const auto& entry) {
    if (entry.second.seen) return false;
    for (const std::string& zone : entry.second.in) {
      out.events.push_back(event("target_left", entry.first, zone, "A target left " + there(zone)));
    }
    return true;
  });
  tell_conditions(targets, out);
}

void Happenings::tell_conditions(const std::vector<Target>& targets, sdk::Observations& out) const {
  std::vector<std::string> places;
  if (zones_.empty()) places.emplace_back();
  for (const sdk::Zone& zone : zones_) places.push_back(zone.name);
  for (const std::string& place : places) {
    sdk::Condition lost, loiter;
    lost.kind = "target_lost", lost.zone = place, lost.summary = "A target in " + there(place) + " is out of sight";
    loiter.kind = "target_loiter", loiter.zone = place, loiter.summary = "A target stays in " + there(place);
    loiter.unit = "s", loiter.limit = loiter_s_, loiter.value = 0;
    for (const Target& target : targets) {
      const auto known = known_.find(target.id);
      if (known == known_.end() || !known->second.in.contains(place)) continue;
      lost.active = lost.active || target.state == TargetState::lost;
      const double stays = known->second.age_s - known->second.since_s.at(place);
      loiter.value = std::max(*loiter.value, stays);
      loiter.active = loiter.active || stays >= loiter_s_;
    }
    out.conditions.push_back(std::move(lost));
    out.conditions.push_back(std::move(loiter));
  }
}

}  // namespace lynceus::targets

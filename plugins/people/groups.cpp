#include "plugins/people/groups.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <vector>

namespace lynceus::people {
namespace {

constexpr double kForget_s = 3;  // a pair that was not seen
constexpr double kNear = 3;      // times the distance that parts: farther pairs are not followed

}  // namespace

void Groups::update(std::span<Person> people, double time_s) {
  for (std::size_t a = 0; a < people.size(); ++a) {
    for (std::size_t b = a + 1; b < people.size(); ++b) {
      if (people[a].ground && people[b].ground) look(people[a], people[b], time_s);
    }
  }
  forget(time_s);
  number(people);
}

void Groups::look(const Person& a, const Person& b, double time_s) {
  const Key key = std::minmax(a.id, b.id);
  const double distance = cv::norm(a.ground->at - b.ground->at), speed = cv::norm(a.velocity - b.velocity);
  const auto found = companies_.find(key);
  if (found == companies_.end()) {
    if (distance < kNear * settings_.apart_m) companies_[key] = {distance, speed, time_s};
    return;
  }
  Company& company = found->second;
  const double dt = time_s - company.seen_s;
  const double share = settings_.average_s > 0 ? 1 - std::exp(-dt / settings_.average_s) : 1;
  company.distance += share * (distance - company.distance);
  company.speed += share * (speed - company.speed);
  company.seen_s = time_s;
  decide(company, time_s);
}

void Groups::decide(Company& c, double time_s) const {
  c.alike = c.distance < settings_.distance_m && c.speed < settings_.speed;
  const bool counts = c.linked ? c.distance > settings_.apart_m : c.alike;
  if (!counts) {
    c.since_s = -1;
    return;
  }
  if (c.since_s < 0) c.since_s = time_s;
  // A frame's worth of rounding must not make it a frame later.
  if (time_s - c.since_s < (c.linked ? settings_.drop_s : settings_.after_s) - 1e-6) return;
  c.linked = !c.linked;
  c.since_s = -1;
}

bool Groups::undecided(std::int64_t a, std::int64_t b) const {
  const auto found = companies_.find(std::minmax(a, b));
  return found != companies_.end() && !found->second.linked && found->second.speed < settings_.speed;
}

void Groups::forget(double time_s) {
  std::erase_if(companies_, [&](const auto& item) { return time_s - item.second.seen_s > kForget_s; });
}

/// Connected people share a number: that of most of them before, when no other group of this frame has it.
void Groups::number(std::span<Person> people) {
  std::vector<std::size_t> root(people.size());
  std::iota(root.begin(), root.end(), std::size_t{0});
  const std::function<std::size_t(std::size_t)> top = [&](std::size_t i) {
    return root[i] == i ? i : root[i] = top(root[i]);
  };
  for (std::size_t a = 0; a < people.size(); ++a) {
    for (std::size_t b = a + 1; b < people.size(); ++b) {
      const auto found = companies_.find(std::minmax(people[a].id, people[b].id));
      if (found != companies_.end() && found->second.linked) root[top(a)] = top(b);
    }
  }
  std::map<std::size_t, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < people.size(); ++i) groups[top(i)].push_back(i);
  std::map<std::int64_t, int> now;
  std::set<int> used;
  for (const auto& [first, members] : groups) {
    if (members.size() < 2) continue;
    std::map<int, int> votes;
    for (const std::size_t i : members) {
      const auto before = group_of_.find(people[i].id);
      if (before != group_of_.end() && !used.contains(before->second)) ++votes[before->second];
    }
    const auto most =
        std::max_element(votes.begin(), votes.end(), [](const auto& x, const auto& y) { return x.second < y.second; });
    const int number = most == votes.end() ? next_++ : most->first;
    used.insert(number);
    for (const std::size_t i : members) now[people[i].id] = number, people[i].group = number;
  }
  group_of_ = std::move(now);
}

}  // namespace lynceus::people

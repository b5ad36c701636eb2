#include "plugins/people/tracker.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "plugins/people/assignment.h"

namespace lynceus::people {
namespace {

constexpr std::size_t kMostPeople = 512;  // tracked, and boxes of a frame
constexpr double kHeightFollows = 0.15;   // of a new height's logarithm, a sighting
constexpr double kHeightPart = 9;         // at most what a height adds to a cost
constexpr double kUnsureWithin_s = 1;     // an unsure box is somebody seen so lately
constexpr double kNever = 1e4;            // more than any sum of costs that may be
constexpr double kJustSeen_s = 1e-6;
constexpr int kWellKnown = 5;              // sightings after which a velocity is worth something
constexpr double kFastestFrames_s = 0.12;  // frames farther apart lengthen all patience

double overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double both = (a & b).area();
  return both > 0 ? both / (a.area() + b.area() - both) : 0;
}

double squared(double v) { return v * v; }

bool usable(const cv::Rect2d& box) {
  return std::isfinite(box.x) && std::isfinite(box.y) && box.width > 0 && box.height > 0 && box.width < 1e6 &&
         box.height < 1e6;
}

}  // namespace

/// A box as the tracker sees it.
struct Tracker::Sight {
  cv::Rect2d box;
  double score;
  std::optional<Spot> spot;  ///< nothing: it cannot be anybody
  bool sure;
};

Tracker::Tracker(const TrackerSettings& settings, const Plane& plane, cv::Size picture)
    : settings_(settings), plane_(plane), picture_(picture), next_id_(settings.first_id), pace_(settings.pace) {}

std::span<const Tracked> Tracker::step(std::span<const Detection> boxes, double time_s) {
  boxes = boxes.first(std::min(boxes.size(), kMostPeople));
  note_interval(time_s);
  predict(time_s);
  Sights sights;
  for (const Detection& d : boxes) {
    const cv::Point2d foot(d.box.x + d.box.width / 2, d.box.y + settings_.foot_fraction * d.box.height);
    const auto spot = usable(d.box) ? plane_.spot(foot, d.box.height) : std::nullopt;
    sights.push_back({d.box, d.score, spot, d.score >= settings_.sure});
  }
  match(sights, time_s);
  begin(sights, time_s);
  forget(time_s);
  report(sights, time_s);
  first_ = false;
  return now_;
}

void Tracker::note_interval(double time_s) {
  const double dt = time_s - std::exchange(last_s_, time_s);
  if (first_ || !(dt > 0)) return;
  interval_s_ += (interval_s_ == 0 ? 1 : 0.1) * (dt - interval_s_);
}

cv::Matx22d Tracker::noise(double height) const {
  const cv::Vec2d metre = plane_.metre(height);
  const double pace = pace_.value(), q = squared(settings_.noise) * pace * pace * pace;
  return {q * squared(metre[0]), 0, 0, q * squared(metre[1])};
}

void Tracker::predict(double time_s) {
  for (Person& person : people_) {
    const bool lost = person.at_s - person.seen_s > kJustSeen_s;
    person.motion.predict(time_s - person.at_s, noise(person.height), lost ? settings_.velocity_half_s : 0);
    person.at_s = std::max(person.at_s, time_s);
    person.box = -1;
    ++person.frames;
  }
}

double Tracker::unseen_s(const Person& person, double time_s) const {
  const double slow = std::max(1.0, interval_s_ / kFastestFrames_s);
  return (time_s - person.seen_s) * pace_.haste() / slow;
}

/// kNever when it cannot be him.
double Tracker::cost(const Person& person, const Sight& sight) const {
  if (!sight.spot) return kNever;
  const auto surprise = person.motion.surprise(*sight.spot);
  const double size = std::log(sight.box.height / person.height) / settings_.height_sigma;
  const double off = surprise.distance2 + std::min(size * size, kHeightPart);
  if (!(off < settings_.gate)) return kNever;
  const cv::Vec2d metre = plane_.metre(person.height);
  return off + std::log(surprise.determinant / squared(metre[0] * metre[1]));
}

Tracker::Indices Tracker::boxes_left(const Sights& sights, bool sure) const {
  Indices out;
  for (std::size_t i = 0; i < sights.size(); ++i) {
    if (!taken_[i] && sights[i].sure == sure) out.push_back(i);
  }
  return out;
}

Tracker::Indices Tracker::people_left(bool confirmed, double unseen, double time_s) const {
  Indices out;
  for (std::size_t i = 0; i < people_.size(); ++i) {
    const Person& p = people_[i];
    if (p.box < 0 && (p.id != 0) == confirmed && unseen_s(p, time_s) <= unseen) out.push_back(i);
  }
  return out;
}

void Tracker::match(const Sights& sights, double time_s) {
  constexpr double ever = 1e9;
  taken_.assign(sights.size(), 0);
  round(people_left(true, ever, time_s), boxes_left(sights, true), sights, time_s);
  round(people_left(true, kUnsureWithin_s, time_s), boxes_left(sights, false), sights, time_s);
  round(people_left(false, ever, time_s), boxes_left(sights, true), sights, time_s);
}

void Tracker::round(const Indices& people, const Indices& boxes, const Sights& sights, double time_s) {
  CostTable table(people.size(), boxes.size());
  for (std::size_t r = 0; r < people.size(); ++r) {
    for (std::size_t c = 0; c < boxes.size(); ++c) table(r, c) = cost(people_[people[r]], sights[boxes[c]]);
  }
  const std::vector<int> found = assign(table, kNever / 2);
  for (std::size_t r = 0; r < people.size(); ++r) {
    if (found[r] == kNobody) continue;
    const std::size_t box = boxes[std::size_t(found[r])];
    taken_[box] = 1;
    update(people_[people[r]], sights[box], int(box), time_s);
  }
}

void Tracker::update(Person& person, const Sight& sight, int index, double time_s) {
  person.motion.update(*sight.spot);
  person.height *= std::pow(sight.box.height / person.height, kHeightFollows);
  person.aspect += kHeightFollows * (sight.box.width / sight.box.height - person.aspect);
  person.score = sight.score;
  person.seen_s = time_s;
  person.box = index;
  ++person.sightings;
  if (person.id == 0 && person.sightings >= settings_.confirm) person.id = next_id_++;
  if (person.id == 0 || person.sightings < kWellKnown) return;
  const cv::Vec2d metre = plane_.metre(person.height);
  const cv::Point2d v = person.motion.velocity();
  pace_.saw(std::hypot(v.x / metre[0], v.y / metre[1]));
}

void Tracker::begin(const Sights& sights, double time_s) {
  for (std::size_t i = 0; i < sights.size() && people_.size() < kMostPeople; ++i) {
    const Sight& sight = sights[i];
    if (taken_[i] || !sight.sure || !sight.spot) continue;
    const bool duplicate = std::any_of(people_.begin(), people_.end(), [&](const Person& p) {
      return p.box >= 0 && overlap(sights[std::size_t(p.box)].box, sight.box) > settings_.duplicate_iou;
    });
    if (duplicate) continue;
    const cv::Vec2d metre = plane_.metre(sight.box.height);
    const double v = squared(settings_.speed * pace_.value());
    Person person{0,
                  Motion(*sight.spot, {v * squared(metre[0]), 0, 0, v * squared(metre[1])}),
                  sight.box.height,
                  sight.box.width / sight.box.height,
                  sight.score,
                  time_s,
                  time_s,
                  time_s};
    person.box = int(i);
    if (first_ || settings_.confirm <= 1) person.id = next_id_++;
    people_.push_back(std::move(person));
  }
}

void Tracker::forget(double time_s) {
  std::erase_if(people_, [&](const Person& p) {
    const double unseen = unseen_s(p, time_s);
    if (p.id == 0) return unseen > settings_.confirm_within_s;
    return unseen > settings_.remember_s || (unseen > settings_.confirm_within_s && outside(where(p)));
  });
}

cv::Rect2d Tracker::where(const Person& person) const {
  const auto foot = plane_.foot(person.motion.position());
  if (!foot) return {};
  const double h = person.height, w = h * person.aspect;
  return {foot->x - w / 2, foot->y - settings_.foot_fraction * h, w, h};
}

/// Less than half of the box is in the picture.
bool Tracker::outside(const cv::Rect2d& box) const {
  if (picture_.area() <= 0) return false;
  const cv::Rect2d frame(0, 0, picture_.width, picture_.height);
  return box.area() <= 0 || (box & frame).area() < 0.5 * box.area();
}

bool Tracker::coasts(const Person& p, double time_s) const {
  return unseen_s(p, time_s) <= settings_.coast_s &&
         time_s - p.seen_s <= settings_.coast_share * (p.seen_s - p.first_s) &&
         p.sightings >= settings_.coast_rate * p.frames && !outside(where(p));
}

void Tracker::report(const Sights& sights, double time_s) {
  now_.clear();
  for (const Person& p : people_) {
    const bool seen = p.box >= 0;
    if (p.id == 0 || (!seen && !coasts(p, time_s))) continue;
    const Spot spot{p.motion.position(), p.motion.position_covariance()};
    now_.push_back({p.id, seen ? sights[std::size_t(p.box)].box : where(p), p.score, seen, spot, p.motion.velocity()});
  }
}

std::vector<cv::Rect2d> Tracker::expected(double time_s) const {
  std::vector<cv::Rect2d> out;
  for (const Person& p : people_) {
    Person later = p;
    later.motion.predict(time_s - p.at_s, noise(p.height));
    const cv::Rect2d box = where(later);
    if (box.area() > 0 && !outside(box)) out.push_back(box);
  }
  return out;
}

}  // namespace lynceus::people

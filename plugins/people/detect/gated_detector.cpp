#include "plugins/people/detect/gated_detector.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "plugins/people/detect/suppress.h"
#include "plugins/people/detect/tiled_detector.h"

namespace lynceus::people {
namespace {

using namespace std::chrono_literals;

constexpr double kMargin = 0.25;  // of a part's sides, added on each
constexpr int kLeastMarginPx = 16;
constexpr double kMovingShare = 0.08;  // of a box's cells
constexpr int kLeastCells = 6;         // of the gate's picture: less is noise
constexpr double kSeen = 0.6;          // of a box inside what was looked at
constexpr double kSamePerson = 0.3;    // IoU
constexpr int kMostMissed = 2;         // looks at somebody standing still
constexpr auto kGap = 1s;              // without frames: what is known is old

cv::Rect widened(const cv::Rect2d& box) {
  const double x = std::max<double>(kLeastMarginPx, box.width * kMargin);
  const double y = std::max<double>(kLeastMarginPx, box.height * kMargin);
  const cv::Point2d from(std::floor(box.x - x), std::floor(box.y - y));
  return {cv::Point(from), cv::Size(int(std::ceil(box.width + 2 * x)), int(std::ceil(box.height + 2 * y)))};
}

bool moving(const sdk::Input& input, const cv::Rect2d& box) {
  if (input.motion.empty()) return true;
  const double x = double(input.motion.cols) / input.frame.size().width;
  const double y = double(input.motion.rows) / input.frame.size().height;
  const cv::Rect cells(int(box.x * x), int(box.y * y), std::max(1, int(std::lround(box.width * x))),
                       std::max(1, int(std::lround(box.height * y))));
  const cv::Rect inside = cells & cv::Rect({0, 0}, input.motion.size());
  return !inside.empty() && cv::countNonZero(input.motion(inside)) >= kMovingShare * inside.area();
}

/// What moves outside the parts that are looked at anyway. The gate's regions would do, but it merges what is near.
std::vector<cv::Rect> unexplained(const sdk::Input& input, std::span<const cv::Rect> parts) {
  if (input.motion.empty()) return {input.motion_regions.begin(), input.motion_regions.end()};
  const double x = double(input.frame.size().width) / input.motion.cols;
  const double y = double(input.frame.size().height) / input.motion.rows;
  cv::Mat left = input.motion.clone();
  for (const cv::Rect& part : parts) {
    const cv::Rect cells(cv::Point(int(part.x / x), int(part.y / y)),
                         cv::Point(int(std::ceil(part.br().x / x)), int(std::ceil(part.br().y / y))));
    left(cells & cv::Rect({0, 0}, left.size())).setTo(0);
  }
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(left, labels, stats, centres);
  std::vector<cv::Rect> out;
  for (int i = 1; i < count; ++i) {
    const int* s = stats.ptr<int>(i);
    if (s[cv::CC_STAT_AREA] < kLeastCells) continue;
    out.emplace_back(int(s[cv::CC_STAT_LEFT] * x), int(s[cv::CC_STAT_TOP] * y),
                     int(std::ceil(s[cv::CC_STAT_WIDTH] * x)), int(std::ceil(s[cv::CC_STAT_HEIGHT] * y)));
  }
  return out;
}

double share_in(const cv::Rect2d& box, std::span<const Crop> looked) {
  double best = 0;
  for (const Crop& crop : looked) best = std::max(best, (box & cv::Rect2d(crop.part)).area());
  return box.area() > 0 ? best / box.area() : 0;
}

bool overlaps_any(const cv::Rect2d& box, std::span<const Detection> others, double iou) {
  return std::any_of(others.begin(), others.end(), [&](auto& other) { return overlap(box, other.box) > iou; });
}

}  // namespace

GatedDetector::GatedDetector(std::unique_ptr<Detector> detector, GateSettings settings)
    : detector_(std::move(detector)), settings_(settings) {}

std::vector<Detection> GatedDetector::detect(const sdk::Input& input, std::span<const cv::Rect2d> tracked) {
  if (!settings_.enabled || input.still) return detector_->detect(input.frame);
  const Time now = input.frame.captured();
  if (!started_ || input.discontinuity || now < looked_ || now - looked_ > kGap) begin_again(now);
  const bool first = begun_ == now && known_.empty();
  if (!first) follow(input);
  // Half a frame's jitter must not cost a whole frame's wait.
  if (!first && now - looked_ < settings_.look_every - 5ms) return people();
  looked_ = now;
  if (whole_is_due(input, now)) {
    look_at_whole(input, now);
  } else {
    look_at_parts(input, tracked, now);
  }
  return people();
}

void GatedDetector::begin_again(Time now) {
  known_.clear();
  started_ = true;
  begun_ = looked_ = now;
}

void GatedDetector::follow(const sdk::Input& input) {
  const cv::Rect2d frame({0, 0}, cv::Size2d(input.frame.size()));
  for (Known& known : known_) {
    known.moves = moving(input, known.person.box);
    if (known.moves) known.person.box = known.follower.next(input.frame.luma(), known.person.box);
  }
  std::erase_if(known_, [&](const Known& k) { return (k.person.box & frame).area() < 0.3 * k.person.box.area(); });
}

bool GatedDetector::whole_is_due(const sdk::Input& input, Time now) const {
  return now - begun_ < settings_.settling || now - whole_ >= settings_.whole_every ||
         input.light == sdk::Light::adapting;
}

void GatedDetector::look_at_whole(const sdk::Input& input, Time now) {
  whole_ = now;
  const Crop all{cv::Rect({0, 0}, input.frame.size()), {}};
  replace(detector_->detect(input.frame), std::span(&all, 1), input, now);
}

void GatedDetector::look_at_parts(const sdk::Input& input, std::span<const cv::Rect2d> tracked, Time now) {
  const std::vector<cv::Rect> parts = wanted(input, tracked, now);
  if (parts.empty()) return;
  const cv::Size frame = input.frame.size();
  const CropPlan plan = plan_crops(parts, frame, detector_->seen(frame), detector_->page());
  if (plan.page.empty()) return look_at_whole(input, now);
  replace(found_on(plan, input.frame), plan.crops, input, now);
}

std::vector<cv::Rect> GatedDetector::wanted(const sdk::Input& input, std::span<const cv::Rect2d> tracked,
                                            Time now) const {
  std::vector<cv::Rect> parts;
  for (const Known& known : known_) {
    const bool due = known.moves || known.missed > 0 || now - known.confirmed >= settings_.recheck;
    if (due) parts.push_back(widened(known.person.box));
  }
  const std::vector<Detection> here = people();
  for (const cv::Rect2d& box : tracked) {  // somebody whom the last look missed
    if (!overlaps_any(box, here, kSamePerson)) parts.push_back(widened(box));
  }
  for (const cv::Rect& part : unexplained(input, parts)) parts.push_back(widened(part));
  const cv::Rect frame({0, 0}, input.frame.size());
  std::erase_if(parts, [&](const cv::Rect& part) { return (part & frame).empty(); });
  return parts;
}

std::vector<Detection> GatedDetector::found_on(const CropPlan& plan, const sdk::Frame& frame) {
  std::vector<Detection> found;
  for (Detection person : detector_->detect_page(frame, plan)) {
    const cv::Point middle((person.box.tl() + person.box.br()) / 2);
    const auto on = std::find_if(plan.crops.begin(), plan.crops.end(), [&](auto& c) { return c.at.contains(middle); });
    if (on == plan.crops.end()) continue;
    const double x = double(on->part.width) / on->at.width, y = double(on->part.height) / on->at.height;
    const cv::Rect2d box((person.box.x - on->at.x) * x + on->part.x, (person.box.y - on->at.y) * y + on->part.y,
                         person.box.width * x, person.box.height * y);
    person.box = box & cv::Rect2d(on->part);
    // Of somebody known as a whole a piece is no news.
    const bool piece = cut_off(person.box, on->part, frame.size(), 1.5 * y);
    const bool covered = std::any_of(known_.begin(), known_.end(), [&](const Known& k) {
      return (person.box & k.person.box).area() > 0.7 * person.box.area() && share_in(k.person.box, plan.crops) < kSeen;
    });
    if (!person.box.empty() && !(piece && covered)) found.push_back(person);
  }
  return merge_looks(std::move(found), settings_.nms);
}

void GatedDetector::replace(std::span<const Detection> found, std::span<const Crop> looked, const sdk::Input& input,
                            Time now) {
  std::vector<Known> stay;
  for (Known& known : known_) {
    if (overlaps_any(known.person.box, found, kSamePerson)) continue;
    const bool seen = share_in(known.person.box, looked) >= kSeen;
    if (seen && (known.moves || ++known.missed >= kMostMissed)) continue;
    stay.push_back(std::move(known));
  }
  known_ = std::move(stay);
  for (const Detection& person : found) {
    known_.push_back({person, Follower(input.frame.luma(), person.box), now, 0, moving(input, person.box)});
  }
}

std::vector<Detection> GatedDetector::people() const {
  std::vector<Detection> out;
  for (const Known& known : known_) out.push_back(known.person);
  return merge_looks(std::move(out), settings_.nms);
}

}  // namespace lynceus::people

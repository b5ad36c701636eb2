#include "plugins/people/floor_plan.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <string>

namespace lynceus::people {
namespace {

constexpr double kTrail_s = 8;       // of a way are shown
constexpr std::size_t kTrail = 300;  // points of a way
constexpr double kForget_s = 3;
constexpr int kCellsAcross = 64;
constexpr double kLongestStep_s = 1;  // frames farther apart count as that
constexpr double kHottest_s = 600;
const cv::Scalar kPaper(40, 40, 40), kGrid(60, 60, 60), kInk(220, 220, 220);

double scale_for(const cv::Rect2d& area, cv::Size size) {
  return std::min(size.width / area.width, size.height / area.height);
}

}  // namespace

cv::Scalar colour_of(State state) {
  switch (state) {
    case State::safe:
      return {60, 200, 60};
    case State::close:
      return {50, 50, 230};
    case State::grouped:
      return {230, 140, 40};
    case State::unknown:
      break;
  }
  return {160, 160, 160};
}

FloorPlan::FloorPlan(const cv::Rect2d& area, cv::Size size, double limit, bool metric)
    : area_(area), size_(size), limit_(limit), scale_(scale_for(area, size)), metric_(metric) {
  const int down = std::clamp(int(std::lround(kCellsAcross * area.height / area.width)), 1, 4 * kCellsAcross);
  heat_ = cv::Mat::zeros(down, kCellsAcross, CV_32F);
}

/// Centred; far outside is clipped so that drawing stays within integers.
cv::Point2d FloorPlan::spot(const cv::Point2d& place) const {
  const double x = size_.width / 2.0 + scale_ * (place.x - area_.x - area_.width / 2);
  const double dy = scale_ * (place.y - area_.y - area_.height / 2);
  const double y = size_.height / 2.0 + (metric_ ? -dy : dy);
  return {std::clamp(x, -1e4, 1e4), std::clamp(y, -1e4, 1e4)};
}

cv::Point FloorPlan::cell_of(const cv::Point2d& place) const {
  const double x = (place.x - area_.x) / area_.width * heat_.cols, y = (place.y - area_.y) / area_.height * heat_.rows;
  if (!(x >= 0 && y >= 0 && x < heat_.cols && y < heat_.rows)) return {-1, -1};
  return {int(x), metric_ ? heat_.rows - 1 - int(y) : int(y)};
}

void FloorPlan::note(std::span<const Person> people, Places places, std::span<const Pair> pairs, double time_s) {
  const double step = last_s_ < 0 ? 0 : std::clamp(time_s - last_s_, 0.0, kLongestStep_s);
  last_s_ = time_s;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (!places[i]) continue;
    Trail& trail = trails_[people[i].id];
    trail.seen_s = time_s;
    trail.points.emplace_back(time_s, *places[i]);
    while (trail.points.size() > kTrail || time_s - trail.points.front().first > kTrail_s) trail.points.pop_front();
  }
  std::erase_if(trails_, [&](const auto& item) { return time_s - item.second.seen_s > kForget_s; });
  for (const Pair& pair : pairs) {
    if (!pair.violation || !places[pair.a] || !places[pair.b]) continue;
    const cv::Point cell = cell_of((*places[pair.a] + *places[pair.b]) * 0.5);
    if (cell.x >= 0) heat_.at<float>(cell) += float(step);
  }
}

cv::Mat FloorPlan::background() const {
  cv::Mat out(size_, CV_8UC3, kPaper);
  const double every = metric_ ? 1 : 100;
  if (scale_ * every < 4) return out;
  for (double x = std::ceil(area_.x / every) * every; x <= area_.x + area_.width; x += every) {
    cv::line(out, spot({x, area_.y}), spot({x, area_.y + area_.height}), kGrid);
  }
  for (double y = std::ceil(area_.y / every) * every; y <= area_.y + area_.height; y += every) {
    cv::line(out, spot({area_.x, y}), spot({area_.x + area_.width, y}), kGrid);
  }
  return out;
}

cv::Mat FloorPlan::draw(std::span<const Person> people, Places places, std::span<const Pair> pairs) const {
  cv::Mat out = background();
  for (const auto& [id, trail] : trails_) {
    std::vector<cv::Point> way;
    for (const auto& [when, p] : trail.points) way.emplace_back(spot(p));
    cv::polylines(out, way, false, cv::Scalar(120, 120, 120), 1, cv::LINE_AA);
  }
  for (const Pair& pair : pairs) {
    if (!pair.violation || !places[pair.a] || !places[pair.b]) continue;
    cv::line(out, spot(*places[pair.a]), spot(*places[pair.b]), colour_of(State::close), 2, cv::LINE_AA);
  }
  const int radius = std::clamp(int(std::lround(scale_ * limit_ / 2)), 2, 4096);
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (!places[i]) continue;
    const cv::Point at = spot(*places[i]);
    if (people[i].state != State::unknown) cv::circle(out, at, radius, colour_of(people[i].state), 2, cv::LINE_AA);
    cv::circle(out, at, 3, colour_of(people[i].state), cv::FILLED, cv::LINE_AA);
    cv::putText(out, std::to_string(people[i].id), at + cv::Point(5, -5), cv::FONT_HERSHEY_SIMPLEX, 0.4, kInk, 1,
                cv::LINE_AA);
  }
  return out;
}

cv::Mat FloorPlan::draw_heat() const {
  cv::Mat level, colours, large, out(size_, CV_8UC3, kPaper);
  cv::log(heat_ + 1, level);
  level.convertTo(level, CV_8U, 255 / std::log(kHottest_s + 1));
  cv::applyColorMap(level, colours, cv::COLORMAP_HOT);
  const cv::Point2d a = spot(area_.tl()), b = spot(area_.br());
  const cv::Rect place = cv::Rect(cv::Point(int(std::min(a.x, b.x)), int(std::min(a.y, b.y))),
                                  cv::Point(int(std::max(a.x, b.x)), int(std::max(a.y, b.y)))) &
                         cv::Rect({}, size_);
  if (place.area() == 0) return out;
  cv::resize(colours, large, place.size(), 0, 0, cv::INTER_NEAREST);
  large.copyTo(out(place));
  return out;
}

std::vector<std::byte> FloorPlan::heat_blob() const {
  std::vector<std::byte> out(heat_.total() * sizeof(float));
  std::memcpy(out.data(), heat_.data, out.size());
  return out;
}

void FloorPlan::restore_heat(std::span<const std::byte> blob) {
  if (blob.size() != heat_.total() * sizeof(float)) return;
  cv::Mat read(heat_.size(), CV_32F);
  std::memcpy(read.data, blob.data(), blob.size());
  if (cv::checkRange(read, true, nullptr, 0, 1e9)) heat_ = read;
}

}  // namespace lynceus::people

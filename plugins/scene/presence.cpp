#include "plugins/scene/presence.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace lynceus::scene {
namespace {

constexpr double kStep_s = 0.4;
constexpr double kLongAgo = -1e9;
constexpr double kNoises = 6, kLeastLevels = 8;  // above which a difference is no noise
constexpr int kTogether = 3;                     // of 3×3 cells: somebody's outline that shifts is a line
constexpr double kAround = 0.12;                 // of a person's box, on each side: arms, and boxes are not exact

double median(const cv::Mat& values) {
  std::vector<uchar> all;
  all.reserve(values.total());
  for (int y = 0; y < values.rows; ++y) all.insert(all.end(), values.ptr<uchar>(y), values.ptr<uchar>(y) + values.cols);
  if (all.empty()) return 0;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
}

/// 255 where two pictures differ by more than their noise; single pixels do not count.
cv::Mat stirring(const cv::Mat& before, const cv::Mat& now) {
  cv::Mat difference, moving;
  cv::absdiff(before, now, difference);
  const double noise = 1.48 * median(difference);
  moving = difference > std::max(kLeastLevels, kNoises * noise);
  cv::blur(moving, moving, {3, 3}, {-1, -1}, cv::BORDER_CONSTANT);
  moving = moving > 255 * (kTogether - 0.5) / 9;
  cv::dilate(moving, moving, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
  return moving;
}

}  // namespace

void Presence::note(const cv::Mat& shrunk, double time_s) {
  if (shrunk.empty()) return;
  if (before_.size() != shrunk.size() || time_s < before_s_) {
    before_ = shrunk.clone();
    before_s_ = begun_s_ = time_s;
    stirred_at_ = cv::Mat(shrunk.size(), CV_32F, cv::Scalar(kLongAgo));
    return;
  }
  if (time_s - before_s_ < kStep_s) return;
  stirred_at_.setTo(cv::Scalar(time_s - begun_s_), stirring(before_, shrunk));
  shrunk.copyTo(before_);
  before_s_ = time_s;
}

cv::Mat Presence::lately(double time_s) const { return stirred_at_ > (time_s - begun_s_ - quiet_s_); }

void Presence::mark(double time_s) {
  if (marked_.size() != before_.size()) {
    marked_ = before_.clone();
  } else if (!before_.empty()) {
    before_.copyTo(marked_, ~lately(time_s));
  }
}

double Presence::changed(double time_s) const {
  if (marked_.size() != before_.size() || before_.empty()) return 1;
  const cv::Mat other = stirring(marked_, before_) & ~lately(time_s);
  return double(cv::countNonZero(other)) / double(other.total());
}

cv::Mat Presence::hidden(std::span<const cv::Rect2d> people, cv::Size frame, cv::Size grid, double time_s) const {
  cv::Mat out = cv::Mat::zeros(grid, CV_8U);
  if (!stirred_at_.empty()) {
    cv::resize(lately(time_s), out, grid, 0, 0, cv::INTER_NEAREST);
  }
  const double x = double(grid.width) / frame.width, y = double(grid.height) / frame.height;
  for (const cv::Rect2d& person : people) {
    const double w = kAround * person.width, h = kAround * person.height;
    const auto column = [&](double at) { return std::clamp(at * x, 0.0, double(grid.width)); };
    const auto row = [&](double at) { return std::clamp(at * y, 0.0, double(grid.height)); };
    const cv::Rect cells(cv::Point(int(column(person.x - w)), int(row(person.y - h))),
                         cv::Point(int(std::ceil(column(person.x + person.width + w))),
                                   int(std::ceil(row(person.y + person.height + h)))));
    if (!cells.empty()) out(cells).setTo(255);
  }
  return out;
}

}  // namespace lynceus::scene

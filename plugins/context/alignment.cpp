#include "plugins/context/alignment.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/context/registration.h"

namespace lynceus::context {
namespace {

using namespace std::chrono_literals;

constexpr auto kEvery = 60s;
constexpr auto kEveryWhileMoved = 1s;
constexpr double kMuch = 0.05;        // of the picture changed by …
constexpr double kChange = 8;         // … so many levels from one frame to the next
constexpr double kLeastShift = 0.75;  // less is within the measurement's error
constexpr double kAnchorMoved = 3;    // between two night pictures

double length(cv::Point2d p) { return std::hypot(p.x, p.y); }

}  // namespace

bool Alignment::due(const cv::Mat& shrunk, Time now) {
  bool much = false;
  if (shrunk_.size() == shrunk.size()) {
    cv::Mat change;
    cv::absdiff(shrunk_, shrunk, change);
    much = cv::countNonZero(change > kChange) > kMuch * double(shrunk.total());
  }
  shrunk_ = shrunk.clone();
  const bool late = !checked_ || now < *checked_ || now - *checked_ >= (misaligned_ ? kEveryWhileMoved : kEvery);
  if (late || much) checked_ = now;
  return late || much;
}

/// Where the view lies now against the day picture; nothing when that cannot be told.
std::optional<cv::Point2d> Alignment::moved_since(const cv::Mat& day, const cv::Mat& night) const {
  if (!anchor_.empty() && anchor_.size() == night.size()) {
    const Registration since = register_pictures(anchor_, night);
    if (since.certain && since.distance_px() > kAnchorMoved) return since.shift_px + shift_;
    if (since.certain && misaligned_) return shift_;  // back where it was
  }
  const Registration against_day = register_pictures(day, night);
  if (against_day.certain) return against_day.shift_px;
  return std::nullopt;
}

bool Alignment::check(const cv::Mat& day, const cv::Mat& night) {
  const bool was = misaligned_;
  const cv::Point2d before = shift_;
  if (const auto moved = moved_since(day, night)) {
    const double distance = length(*moved);
    misaligned_ = distance > (settings_.mended_px > 0 ? settings_.mended_px : settings_.tolerated_px);
    const bool news = length(*moved - shift_) >= kLeastShift;
    if (!misaligned_ && settings_.mended_px > 0 && news) shift_ = distance >= kLeastShift ? *moved : cv::Point2d();
  }
  if (!misaligned_) anchor_ = night.clone();
  return was != misaligned_ || before != shift_;
}

}  // namespace lynceus::context

#include "plugins/context/foreground.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

namespace lynceus::context {
namespace {

constexpr int kConfirmed = 6;          // frames as usual, and a pixel is believed to be the place itself
constexpr int kStill = 3;              // frames without a change, and a difference may be a ghost …
constexpr int kStillThough = 10;       // … though the pixel was believed
constexpr double kSlowest = 1.0 / 32;  // share of a new frame in the usual picture
constexpr double kWhole = 0.6;         // of the picture: more is a change of light, not a thing;
constexpr double kShifted = 12;        // so is a typical difference of so many levels

cv::Mat disc(int radius) { return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1}); }

/// Scales with the picture: 1 at 320 pixels.
int scaled(double pixels, int width) { return std::max(1, cvRound(pixels * width / 320)); }

cv::Mat greatest_channel(const cv::Mat& bgr) {
  std::array<cv::Mat, 3> planes;
  cv::split(bgr, planes.data());
  cv::Mat out;
  cv::max(planes[0], planes[1], out);
  cv::max(out, planes[2], out);
  return out;
}

double median(const cv::Mat& grey) {
  std::array<int, 256> counts{};
  for (int y = 0; y < grey.rows; ++y) {
    const auto* row = grey.ptr<std::uint8_t>(y);
    for (int x = 0; x < grey.cols; ++x) ++counts[row[x]];
  }
  int seen = 0;
  for (int level = 0; level < 256; ++level) {
    seen += counts[std::size_t(level)];
    if (2 * seen >= int(grey.total())) return level;
  }
  return 255;
}

cv::Mat edges(const cv::Mat& bgr) {
  cv::Mat grey, dx, dy;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  cv::Sobel(grey, dx, CV_16S, 1, 0);
  cv::Sobel(grey, dy, CV_16S, 0, 1);
  return cv::abs(dx) + cv::abs(dy);
}

/// Parts of `low` that hold something of `high` and are large enough.
cv::Mat grown(const cv::Mat& low, const cv::Mat& high, int least_area) {
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(low, labels, stats, centres, 8, CV_32S);
  std::vector<std::uint8_t> keep(std::size_t(count), 0);
  for (int y = 0; y < low.rows; ++y) {
    const auto* seeds = high.ptr<std::uint8_t>(y);
    const auto* label = labels.ptr<int>(y);
    for (int x = 0; x < low.cols; ++x) {
      if (seeds[x]) keep[std::size_t(label[x])] = 255;
    }
  }
  keep[0] = 0;
  for (int i = 1; i < count; ++i) {
    if (stats.at<int>(i, cv::CC_STAT_AREA) < least_area) keep[std::size_t(i)] = 0;
  }
  cv::Mat out(low.size(), CV_8UC1);
  for (int y = 0; y < low.rows; ++y) {
    const auto* label = labels.ptr<int>(y);
    auto* to = out.ptr<std::uint8_t>(y);
    for (int x = 0; x < low.cols; ++x) to[x] = keep[std::size_t(label[x])];
  }
  return out;
}

cv::Mat without_holes(const cv::Mat& parts) {
  cv::Mat out = parts.clone();
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(parts, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  cv::drawContours(out, contours, -1, 255, cv::FILLED);
  return out;
}

/// Gaps closed, holes filled: what is dark inside a dark car belongs to the car. A hole may be closed by one side of the
/// picture, where the car drives in.
cv::Mat filled(const cv::Mat& parts, int radius) {
  const int pad = 2 * radius;
  cv::Mat closed;
  cv::copyMakeBorder(parts, closed, pad, pad, pad, pad, cv::BORDER_CONSTANT, 0);
  cv::morphologyEx(closed, closed, cv::MORPH_CLOSE, disc(radius));
  const cv::Rect inside({pad, pad}, parts.size());
  cv::Mat out = without_holes(closed)(inside).clone();
  const cv::Mat own = closed(inside);
  const cv::Mat sides[] = {own.col(0), own.col(own.cols - 1), own.row(0), own.row(own.rows - 1)};
  for (int side = 0; side < 4; ++side) {
    if (cv::countNonZero(sides[side]) == 0) continue;
    cv::Mat walled;
    cv::copyMakeBorder(own, walled, side == 2, side == 3, side == 0, side == 1,
                       cv::BORDER_CONSTANT | cv::BORDER_ISOLATED, 255);
    out |= without_holes(walled)(cv::Rect({side == 0, side == 2}, parts.size()));
  }
  return out;
}

}  // namespace

void Foreground::begin(const cv::Mat& smooth) {
  smooth.convertTo(usual_, CV_32F);
  usual8_ = smooth.clone();
  spread_ = cv::Mat::zeros(smooth.size(), CV_32FC1);
  agreed_ = cv::Mat(smooth.size(), CV_8UC1, cv::Scalar(1));
  strange_ = cv::Mat::zeros(smooth.size(), CV_16UC1);
  before_ = smooth.clone();
  still_ = cv::Mat::zeros(smooth.size(), CV_8UC1);
  frames_ = 1;
}

void Foreground::trust(const cv::Mat& reference) {
  cv::Mat smooth;
  cv::blur(reference, smooth, {3, 3});
  begin(smooth);
  agreed_.setTo(kConfirmed);
}

cv::Mat Foreground::difference(const cv::Mat& smooth) const {
  cv::Mat difference, allowed;
  cv::absdiff(smooth, usual8_, difference);
  difference = greatest_channel(difference);
  spread_.convertTo(allowed, CV_8U, 3);
  cv::subtract(difference, allowed, difference);
  return difference;
}

cv::Mat Foreground::things(const cv::Mat& difference, double typical) const {
  const cv::Mat low = difference > std::max(settings_.least_difference, 3 * typical + 2);
  const cv::Mat high = difference > std::max(settings_.seed_difference, 6 * typical + 3);
  return grown(low, high, std::max(6, int(difference.total() / 8000)));
}

/// Counts how long each pixel has not changed.
void Foreground::watch(const cv::Mat& smooth, double typical) {
  cv::Mat change;
  cv::absdiff(smooth, before_, change);
  cv::add(still_, 1, still_);
  still_.setTo(0, greatest_channel(change) > 2 * typical + 4);
  before_ = smooth;
}

/// Each pixel of a thing is judged by the edge at the border nearest to it: of the frame, it is a thing; of the usual
/// picture, something has left.
cv::Mat Foreground::ghosts(const cv::Mat& smooth, const cv::Mat& things) const {
  cv::Mat ghost = cv::Mat::zeros(things.size(), CV_8UC1);
  const cv::Mat doubtful = things & (((agreed_ < kConfirmed) & (still_ >= kStill)) | (still_ >= kStillThough));
  if (cv::countNonZero(doubtful) == 0) return ghost;
  cv::Mat evidence, distance, labels;
  cv::subtract(edges(usual8_), 1.5 * edges(smooth), evidence, cv::noArray(), CV_32F);
  cv::blur(evidence, evidence, {5, 5});
  cv::distanceTransform(things, distance, labels, cv::DIST_L2, 3, cv::DIST_LABEL_PIXEL);
  std::vector<float> at_border(things.total() + 1, -1);
  for (int y = 0; y < things.rows; ++y) {
    for (int x = 0; x < things.cols; ++x) {
      if (things.at<std::uint8_t>(y, x) == 0) at_border[std::size_t(labels.at<int>(y, x))] = evidence.at<float>(y, x);
    }
  }
  constexpr float kClear = 12;
  for (int y = 0; y < things.rows; ++y) {
    for (int x = 0; x < things.cols; ++x) {
      if (doubtful.at<std::uint8_t>(y, x) && at_border[std::size_t(labels.at<int>(y, x))] > kClear)
        ghost.at<std::uint8_t>(y, x) = 255;
    }
  }
  return ghost;
}

void Foreground::mend(const cv::Mat& smooth, const cv::Mat& where) {
  cv::Mat wide;
  smooth.convertTo(wide, CV_32F);
  wide.copyTo(usual_, where);
  agreed_.setTo(1, where);
  strange_.setTo(0, where);
}

void Foreground::learn(const cv::Mat& smooth, const cv::Mat& difference, const cv::Mat& things) {
  cv::Mat around;
  cv::dilate(things, around, disc(scaled(2, things.cols)));
  const cv::Mat usual = around == 0;
  cv::accumulateWeighted(smooth, usual_, std::max(kSlowest, 1.0 / (frames_ + 1)), usual);
  cv::accumulateWeighted(difference, spread_, 0.05, usual);
  cv::add(agreed_, 1, agreed_, usual);
  cv::add(strange_, 1, strange_, things);
  strange_.setTo(0, usual);
  mend(smooth, strange_ > settings_.absorbed_after);
  usual_.convertTo(usual8_, CV_8U);
  ++frames_;
}

cv::Mat Foreground::find(const cv::Mat& shrunk) {
  cv::Mat smooth;
  cv::blur(shrunk, smooth, {3, 3});
  began_anew_ = usual_.size() != smooth.size();
  if (began_anew_) begin(smooth);
  const cv::Mat differs = difference(smooth);
  const double typical = median(differs);
  watch(smooth, typical);
  cv::Mat seen = things(differs, typical);
  if (typical > kShifted || cv::countNonZero(seen) > kWhole * double(seen.total())) {
    began_anew_ = true;
    begin(smooth);
    return cv::Mat::zeros(seen.size(), CV_8UC1);
  }
  const cv::Mat ghost = ghosts(smooth, seen);
  mend(smooth, ghost);
  seen.setTo(0, ghost);
  const cv::Mat whole = filled(seen, scaled(4, seen.cols));
  learn(smooth, differs, whole);
  return whole;
}

}  // namespace lynceus::context

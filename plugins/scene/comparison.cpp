#include "plugins/scene/comparison.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "plugins/scene/likeness.h"

namespace lynceus::scene {
namespace {

constexpr double kLeastLoss = 0.15;     // of the probability of floor: less is a network in doubt
constexpr double kSomethingElse = 0.5;  // half of the probability lies elsewhere
constexpr double kSpeck = 0.003;        // of the picture
constexpr double kLeastKnown = 0.5;
constexpr double kEnoughFloor = 0.15, kEnoughGround = 0.5;  // of a zone, to judge it by
constexpr double kLeastCells = 12;
constexpr double kMaybeFloor = 0.1, kSurelyGround = 0.6;
constexpr double kLeastOdds = 0.02;                 // probabilities below and above 1 less that are as good as sure
constexpr double kLeastFall = 0.8, kWholeFall = 2;  // of the logarithm of the odds
constexpr int kFiner = 8;

cv::Mat without_specks(const cv::Mat& mask) {
  cv::Mat opened, labels, stats, centres;
  cv::morphologyEx(mask, opened, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3}));
  const int count = cv::connectedComponentsWithStats(opened, labels, stats, centres);
  for (int i = 1; i < count; ++i) {
    if (stats.at<int>(i, cv::CC_STAT_AREA) < kSpeck * mask.total()) opened.setTo(0, labels == i);
  }
  return opened;
}

/// What stands in the way stands at the bottom.
cv::Mat lower_half(const cv::Mat& zone) {
  const cv::Rect all = cv::boundingRect(zone > 0);
  cv::Mat out = zone.clone();
  out.rowRange(all.y, all.y + all.height / 2).setTo(0);
  return out;
}

/// 1 where the network sees floor, or thinks of it.
cv::Mat floor_of(const RoomView& reference) {
  cv::Mat out;
  cv::threshold(reference.maps[kFloor], out, kMaybeFloor, 1, cv::THRESH_BINARY);
  return out;
}

/// How far the odds of floor have fallen, -1 to 1. What it thought of as floor at one in five and now at one in fifty
/// is gone as surely as what it was sure of.
cv::Mat fallen_odds(const cv::Mat& before, const cv::Mat& now) {
  const auto logit = [](const cv::Mat& p) {
    const cv::Mat sane = cv::max(cv::min(p, 1 - kLeastOdds), kLeastOdds);
    cv::Mat out = sane / (1 - sane);
    cv::log(out, out);
    return out;
  };
  cv::Mat fall = logit(before) - logit(now);
  fall.setTo(0, cv::abs(fall) < kLeastFall);
  return cv::max(cv::min(fall / kWholeFall, 1), -1);
}

/// What may be stood on where somebody has drawn an exit: floor, what lies on it (a mat is props), and what is taken
/// for furniture, which is floor misread, or was in nobody's way then. All but structure.
cv::Mat ground_of(const RoomView& reference) {
  cv::Mat out = 1 - reference.maps[kStructure];
  out.setTo(0, out < kSurelyGround);
  return out;
}

}  // namespace

Difference compare(const RoomView& reference, const RoomView& now) {
  Difference out;
  out.known = reference.known & now.known;
  const cv::Mat same = same_as_before(reference.picture, now.picture, out.known);
  // Of what was no floor to the network the picture alone tells that something else stands there.
  out.lost = ground_of(reference) - now.maps[kFloor];
  out.lost.setTo(0, (out.lost < kLeastLoss) | ~clearly_other(reference.picture, now.picture, out.known));
  fallen_odds(reference.maps[kFloor], now.maps[kFloor]).copyTo(out.lost, reference.maps[kFloor] >= kMaybeFloor);
  out.lost.setTo(0, same | ~out.known);
  cv::Mat far = cv::Mat::zeros(kGrid, CV_32F);
  for (std::size_t i = 0; i < reference.maps.size(); ++i) far += cv::abs(reference.maps[i] - now.maps[i]) * 0.5;
  out.changed = without_specks((far >= kSomethingElse) & ~same & out.known);
  return out;
}

cv::Mat on_grid(const sdk::Polygon& polygon) {
  const cv::Size fine = kGrid * kFiner;
  cv::Mat inside = cv::Mat::zeros(fine, CV_8U), out;
  std::vector<cv::Point> corners;
  for (const cv::Point2d& p : polygon) {
    corners.emplace_back(cvRound(std::clamp(p.x, 0.0, 1.0) * fine.width),
                         cvRound(std::clamp(p.y, 0.0, 1.0) * fine.height));
  }
  if (corners.size() >= 3) cv::fillPoly(inside, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(255));
  cv::resize(inside, out, kGrid, 0, 0, cv::INTER_AREA);
  out.convertTo(out, CV_32F, 1.0 / 255);
  return out;
}

std::optional<Blocked> blocked(const Difference& difference, const RoomView& reference, const cv::Mat& zone) {
  cv::Mat known;
  difference.known.convertTo(known, CV_32F, 1.0 / 255);
  const cv::Mat seen = zone.mul(known);
  const double all = cv::sum(zone)[0], here = cv::sum(seen)[0];
  if (all <= 0 || here < kLeastKnown * all) return std::nullopt;
  const auto fills = [&](const cv::Mat& part, double share) {
    return cv::sum(part)[0] >= std::max(share * here, kLeastCells);
  };
  cv::Mat part = floor_of(reference).mul(seen), lost = difference.lost;
  const bool floor = fills(part, kEnoughFloor);
  if (!floor) part = ground_of(reference).mul(seen);
  if (!floor && !fills(part, kEnoughGround)) {
    part = lower_half(seen);
    lost = cv::Mat();
    difference.changed.convertTo(lost, CV_32F, 1.0 / 255);
  }
  lost = lost.mul(seen);
  lost.setTo(0, part <= 0);
  Blocked out;
  out.share = std::max(0.0, cv::sum(lost)[0] / cv::sum(part)[0]);
  out.where = cv::boundingRect(lost > kLeastLoss);
  return out;
}

std::optional<Changed> changed(const Difference& difference) {
  const int known = cv::countNonZero(difference.known);
  if (known < kLeastKnown * difference.known.total()) return std::nullopt;
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(difference.changed, labels, stats, centres);
  Changed out;
  int largest = 0;
  for (int i = 1; i < count; ++i) {
    const int* s = stats.ptr<int>(i);
    if (s[cv::CC_STAT_AREA] <= largest) continue;
    largest = s[cv::CC_STAT_AREA];
    out.where = {s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH], s[cv::CC_STAT_HEIGHT]};
  }
  out.share = double(cv::countNonZero(difference.changed)) / known;
  return out;
}

}  // namespace lynceus::scene

#include "plugins/pipes/recommended.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/pipes/heat_loss.h"
#include "plugins/pipes/pipe_faults.h"
#include "plugins/pipes/pipe_strip.h"
#include "plugins/pipes/shrink.h"

namespace lynceus::pipes {
namespace {

constexpr int kFindWidth = 320;         // longest side of the picture the pipe is looked for in
constexpr int kStripSource = 800;       // and of the one it is unrolled from
constexpr double kLeastContrast = 0.8;  // kelvin; less is no pipe
constexpr double kElsewhere = 0.5;      // of the pipe's width
constexpr std::size_t kLearnLooks = 15;
constexpr int kSearchEvery = 4;

/// Gaps take the mean of what is around them.
void fill_gaps(cv::Mat& celsius, const cv::Mat& known) {
  cv::Mat gaps = known < 64;
  cv::Rect box = cv::boundingRect(gaps);
  if (box.empty()) return;
  cv::Mat weights, sum;
  known.convertTo(weights, CV_32F, 1 / 255.0);
  weights.setTo(0, gaps);
  cv::multiply(celsius, weights, sum);
  for (const int side : {9, 31, 101}) {
    cv::Mat total, weight, filled, part = gaps(box);
    cv::blur(sum(box), total, {side, side});  // looks beyond the box
    cv::blur(weights(box), weight, {side, side});
    cv::divide(total, cv::max(weight, 1e-6), filled);
    const cv::Mat enough = (weight > 0.02) & part;
    filled.copyTo(celsius(box), enough);
    part.setTo(0, enough);
    box = cv::boundingRect(gaps);
    if (box.empty()) return;
  }
  celsius.setTo(cv::mean(celsius, ~gaps), gaps);
}

bool elsewhere(const PipeLines& a, const PipeLines& b) {
  const double limit = kElsewhere * std::max(a.width(), 8.0);
  for (const double u : {a.from, a.to}) {
    const cv::Point2d p = a.point(u, a.centre(u));
    const cv::Point2d d = p - b.origin;
    const double v = d.dot(b.across());
    if (std::abs(v - b.centre(d.dot(b.along()))) > limit) return true;
  }
  return std::abs(a.width() - b.width()) > limit;
}

PipeTemperature temperature_of(const cv::Mat& celsius, const cv::Mat& known, const PipeLines& lines, cv::Mat& mask,
                               cv::Rect& box) {
  std::vector<cv::Point> corners;
  for (const cv::Point2d& p : lines.outline()) corners.emplace_back(cvRound(p.x), cvRound(p.y));
  mask = cv::Mat::zeros(celsius.size(), CV_8U);
  cv::fillConvexPoly(mask, corners, cv::Scalar(255));
  box = cv::boundingRect(corners) & cv::Rect({0, 0}, celsius.size());
  PipeTemperature out;
  if (box.empty()) return out;
  const cv::Mat counted = mask(box) & known(box);
  if (cv::countNonZero(counted) == 0) return out;
  cv::Scalar mean, deviation;
  cv::meanStdDev(celsius(box), mean, deviation, counted);
  out.mean = mean[0];
  out.stddev = deviation[0];
  cv::minMaxLoc(celsius(box), nullptr, &out.max, nullptr, nullptr, counted);
  return out;
}

Diagnosis nothing(Kind kind, std::string reason, double confidence) {
  Diagnosis out;
  out.kind = kind;
  out.reason = std::move(reason);
  out.confidence = confidence;
  return out;
}

DiameterResult diameter_of(const PipeStrip& strip, const std::vector<BareSection>& bare, double angle_deg) {
  DiameterResult out;
  out.vertical = std::abs(angle_deg) > 45;
  std::vector<double> widths;
  for (int i = 0; i < strip.columns(); ++i) {
    const double u = strip.u_at(i);
    widths.push_back(2 * strip.lines().half_width(u) * std::min(strip.width_share(i), 1.2));
  }
  const int step = std::max(1, strip.columns() / 10);
  for (int j = 0; j + step < strip.columns(); ++j) {
    const int change = cvRound(widths[static_cast<std::size_t>(j)] - widths[static_cast<std::size_t>(j + step)]);
    const int at = cvRound(j * strip.step_px()) + 1;
    if (j == 0 || change > out.d_max) out.d_max = change, out.at_max = at;
    if (j == 0 || change < out.d_min) out.d_min = change, out.at_min = at;
  }
  out.abnormal = !bare.empty();
  return out;
}

}  // namespace

void RecommendedJudge::learn(const PipeLines& lines, double time_s) {
  if (candidates_.empty()) learning_since_ = time_s;
  candidates_.push_back(lines);
  if (candidates_.size() < kLearnLooks || time_s - learning_since_ < params_.learn_s) {
    if (candidates_.size() > 4 * kLearnLooks) candidates_.erase(candidates_.begin() + 1);
    return;
  }
  // The one that most of the others agree with.
  std::size_t best = 0, most = 0;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    std::size_t agree = 0;
    for (const PipeLines& other : candidates_) agree += elsewhere(candidates_[i], other) ? 0 : 1;
    if (agree > most) best = i, most = agree;
  }
  if (2 * most > candidates_.size()) learned_ = candidates_[best];
  candidates_.clear();
}

/// The learned place, or the one found now.
std::optional<PipeLines> RecommendedJudge::place(const cv::Mat& small, double time_s, bool still, Diagnosis& out) {
  // A learned place needs no search at each look, only a watch over whether it still holds.
  const bool lost = learned_ && contrast_of(small, *learned_) < kLeastContrast;
  const bool search = still || !params_.fixed || !learned_ || lost || moved_looks_ > 0 || ++looks_ % kSearchEvery == 0;
  const auto found = search ? find_pipe(small) : std::nullopt;
  const bool good = found && found->contrast_kelvin >= kLeastContrast;
  if (still || !params_.fixed) {
    if (!good) out = nothing(Kind::no_pipe, found ? "as warm as its surroundings" : "no long warm band", 0.9);
    return good ? std::optional(found->lines) : std::nullopt;
  }
  if (!learned_) {
    if (good) learn(found->lines, time_s);
    if (!good) out = nothing(Kind::no_pipe, "no long warm band", 0.9);
    return good ? std::optional(found->lines) : std::nullopt;
  }
  if (search) moved_looks_ = good && elsewhere(found->lines, *learned_) ? moved_looks_ + 1 : 0;
  if (moved() && found) return found->lines;
  if (!lost) return learned_;
  out = nothing(Kind::no_pipe, "the pipe is as cold as its surroundings", 0.8);
  return std::nullopt;
}

Diagnosis RecommendedJudge::look(const cv::Mat& celsius, const cv::Mat& known, double time_s, bool still) {
  excess_.reset();
  if (celsius.size() != size_) forget();
  size_ = celsius.size();
  if (celsius.cols < 16 || celsius.rows < 16) return nothing(Kind::no_pipe, "the picture is too small", 1);
  if (10 * cv::countNonZero(known) < 3 * static_cast<int>(known.total())) {
    return nothing(Kind::unreadable, "the picture's colours are not those of its scale", 1);
  }
  const double longest = std::max(celsius.cols, celsius.rows);
  const double factor = std::min(1.0, kFindWidth / longest);
  cv::Mat small, small_known;
  shrink(celsius, known, factor, small, small_known);
  fill_gaps(small, small_known);
  cv::medianBlur(small, small, 3);
  Diagnosis out;
  const auto lines = place(small, time_s, still, out);
  if (!lines) return out;
  // Shrunk pixels are areas: their middle lies half a pixel in.
  PipeLines full = lines->scaled(1 / factor);
  full.origin += cv::Point2d(0.5 / factor - 0.5, 0.5 / factor - 0.5);

  const double strip_factor = std::min(1.0, kStripSource / longest);
  cv::Mat source = celsius, source_known = known;
  if (strip_factor < 1) shrink(celsius, known, strip_factor, source, source_known);
  const PipeStrip strip(source, source_known, full.scaled(strip_factor));
  PipeFaults faults = find_faults(strip, params_);
  for (BareSection& b : faults.bare) {
    b.length_px /= strip_factor;
    b.box = cv::Rect(cvRound(b.box.x / strip_factor), cvRound(b.box.y / strip_factor),
                     cvRound(b.box.width / strip_factor), cvRound(b.box.height / strip_factor));
  }
  for (Defect& d : faults.damages) {
    d.area_px = cvRound(d.area_px / (strip_factor * strip_factor));
    d.box = cv::Rect(cvRound(d.box.x / strip_factor), cvRound(d.box.y / strip_factor),
                     cvRound(d.box.width / strip_factor), cvRound(d.box.height / strip_factor));
  }

  cv::Mat mask;
  out.temperature = temperature_of(celsius, known, full, mask, out.box);
  out.area_px = cv::countNonZero(mask);
  out.angle_deg = -full.angle * 180 / CV_PI;  // counter-clockwise, as people say it
  out.outline = full.outline();
  out.bare = faults.bare;
  out.diameter = diameter_of(strip, out.bare, out.angle_deg);
  out.defects.emplace();
  out.defects->parts = faults.damages;
  for (const Defect& d : faults.damages) {
    out.defects->area_px += d.area_px;
    out.defects->max_celsius = std::max(out.defects->max_celsius, d.max_celsius);
  }
  out.defects->abnormal = !faults.damages.empty();
  out.temperature->abnormal = !out.bare.empty() || !faults.damages.empty();
  out.kind = !out.bare.empty() ? Kind::missing : out.defects->abnormal ? Kind::damaged : Kind::normal;
  excess_ = strip.usual_excess();
  out.heat_loss_watt = heat_loss(out, full, strip.usual_excess(), params_);
  out.confidence = std::clamp(strip.usual_excess() / (strip.usual_excess() + 4 * strip.excess_noise() + 0.5), 0.0, 1.0);
  return out;
}

}  // namespace lynceus::pipes

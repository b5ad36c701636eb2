#include "plugins/pipes/scale_watch.h"

#include <algorithm>
#include <cmath>

namespace lynceus::pipes {
namespace {

constexpr double kBetweenReadings_s = 5;
constexpr double kLeastConfidence = 0.5;  ///< less is no reading
constexpr double kSureConfidence = 0.8;   ///< less is an uncertain one
constexpr double kJump = 0.35;            ///< of the span: more contradicts the last readings
constexpr int kRepeats = 3;               ///< and is believed when it comes so often in a row

bool sensible(double low, double high) { return low < high && high - low < 5000; }

}  // namespace

void ScaleWatch::reset() {
  const ScaleOptions options = options_;
  *this = ScaleWatch(options);
}

bool ScaleWatch::place_bar(const cv::Mat& bgr) {
  if (!options_.bar.empty()) {
    const cv::Rect given = to_pixels(options_.bar, bgr.size());
    const cv::Rect bar = trimmed(bgr, given);
    if (bar.empty()) {
      state_.why = "the rectangle given as scale.bar shows no scale";
      return false;
    }
    found_ = FoundBar{bar, bar.width > bar.height, 1};
    return true;
  }
  if (found_ && bar_quality(bgr, found_->bar) > 0) return true;
  found_ = find_bar(bgr);
  if (!found_) state_.why = "no scale bar found";
  return found_.has_value();
}

/// The labels' surroundings as they were: nothing to read again.
bool ScaleWatch::wants_reading(const cv::Mat& bgr, double time_s) {
  if (!read_once_) return true;
  if (last_read_s_ && time_s >= *last_read_s_ && time_s - *last_read_s_ < kBetweenReadings_s) return false;
  const cv::Rect around = state_.labels & cv::Rect({0, 0}, bgr.size());
  if (around.empty() || label_pixels_.size() != around.size()) return true;
  cv::Mat difference;
  cv::absdiff(bgr(around), label_pixels_, difference);
  const cv::Scalar mean = cv::mean(difference);
  return mean[0] + mean[1] + mean[2] > 0.5;
}

void ScaleWatch::take(double low, double high, const LabelReading& reading) {
  const double span = std::max(state_.high - state_.low, 1e-6);
  const bool known = state_.limits_known;
  const bool contradicts = known && std::max(std::abs(low - state_.low), std::abs(high - state_.high)) > kJump * span;
  const bool same = pending_ > 0 && low == pending_low_ && high == pending_high_;
  pending_ = contradicts ? (same ? pending_ + 1 : 1) : 0;
  pending_low_ = low, pending_high_ = high;
  state_.refused = contradicts && pending_ < kRepeats;
  if (state_.refused) return;
  pending_ = 0;
  state_.low = low;
  state_.high = high;
  state_.limits_known = true;
  state_.unit_beside = reading.unit_beside;
  if (!options_.fahrenheit && reading.fahrenheit) {
    state_.fahrenheit = *reading.fahrenheit;
    state_.unit_seen = true;
  }
}

void ScaleWatch::read(const cv::Mat& bgr) {
  const LabelReading reading = read_labels(bgr, *found_);
  read_once_ = true;
  cv::Rect around = found_->bar;
  if (reading.low) around |= reading.low->box;
  if (reading.high) around |= reading.high->box;
  state_.labels = around;
  label_pixels_ = bgr(around & cv::Rect({0, 0}, bgr.size())).clone();
  const auto value = [](const std::optional<double>& given, const std::optional<Label>& read) -> std::optional<double> {
    if (given) return given;
    return read && read->confidence >= kLeastConfidence ? std::optional(read->value) : std::nullopt;
  };
  const auto low = value(options_.low, reading.low), high = value(options_.high, reading.high);
  if (!low || !high || !sensible(*low, *high)) {
    if (!state_.limits_known)
      state_.why = !low || !high ? "the scale's labels cannot be read" : "the scale's labels make no sense";
    state_.refused = state_.limits_known;
    return;
  }
  take(*low, *high, reading);
  if (state_.refused) return;
  const auto sure = [](const std::optional<double>& given, const std::optional<Label>& read) {
    return given || (read && read->confidence >= kSureConfidence);
  };
  state_.certain = sure(options_.low, reading.low) && sure(options_.high, reading.high) && state_.unit_seen;
}

const ScaleState& ScaleWatch::look(const cv::Mat& bgr, double time_s, bool still) {
  if (still || bgr.size() != size_) reset();
  size_ = bgr.size();
  state_.why.clear();
  if (options_.fahrenheit) state_.fahrenheit = *options_.fahrenheit, state_.unit_seen = true;
  if (!place_bar(bgr)) {
    state_.bar = {};
    return state_;
  }
  state_.bar = found_->bar;
  state_.horizontal = found_->horizontal;
  if (options_.low && options_.high) {
    state_.low = *options_.low;
    state_.high = *options_.high;
    state_.limits_known = state_.certain = state_.unit_seen = true;
    if (state_.labels.empty()) state_.labels = found_->bar;
  } else if (wants_reading(bgr, time_s)) {
    last_read_s_ = time_s;
    read(bgr);
  }
  if (!state_.limits_known && state_.why.empty()) state_.why = "the scale's labels cannot be read";
  return state_;
}

}  // namespace lynceus::pipes

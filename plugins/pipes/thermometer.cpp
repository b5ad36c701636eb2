#include "plugins/pipes/thermometer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "plugins/pipes/camera_palettes.h"
#include "plugins/pipes/overlay_mask.h"

namespace lynceus::pipes {
namespace {

constexpr double kTolerance = 30;  // RGB distance beyond which a pixel is none of the palette's
constexpr int kLabelMargin = 2;
constexpr double kSameBar = 4;  // mean difference of the bar's colours that is noise

double seconds(const sdk::Frame& frame) {
  return std::chrono::duration<double>(frame.captured().time_since_epoch()).count();
}

/// The picture without the strip of bar and labels, cut off at the side nearer to it.
cv::Rect without_strip(const ScaleState& scale, cv::Size size) {
  const cv::Rect around = scale.labels.empty() ? scale.bar : (scale.labels | scale.bar);
  const int margin = kLabelMargin + (scale.horizontal ? scale.bar.height : scale.bar.width) / 2;
  if (scale.horizontal) {
    const bool low = around.y + around.height / 2 > size.height / 2;
    const int from = low ? 0 : std::min(size.height, around.br().y + margin),
              to = low ? std::max(0, around.y - margin) : size.height;
    return {0, from, size.width, std::max(0, to - from)};
  }
  const bool right = around.x + around.width / 2 > size.width / 2;
  const int from = right ? 0 : std::min(size.width, around.br().x + margin),
            to = right ? std::max(0, around.x - margin) : size.width;
  return {from, 0, std::max(0, to - from), size.height};
}

/// Neighbouring rows together: compression makes each of them noisy.
BarColours smoothed(const BarColours& colours) {
  const std::size_t n = colours.sums.size();
  if (n < 64) return colours;
  BarColours out;
  out.count = 3 * colours.count;
  for (std::size_t i = 0; i < n; ++i) {
    out.sums.push_back(colours.sums[i == 0 ? 0 : i - 1] + colours.sums[i] + colours.sums[std::min(i + 1, n - 1)]);
  }
  return out;
}

bool nearly_same(const std::vector<cv::Vec3i>& a, const std::vector<cv::Vec3i>& b, int count) {
  if (a.size() != b.size()) return false;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += cv::norm(a[i] - b[i]) / count;
  return sum < kSameBar * static_cast<double>(a.size());
}

double median(std::vector<float>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

sdk::Radiometric Thermometer::raw_of(const sdk::Radiometric& given) const {
  sdk::Radiometric out = given;
  if (settings_.radiometric_gain) out.gain = *settings_.radiometric_gain, out.planck.reset();
  if (settings_.radiometric_offset) out.offset = *settings_.radiometric_offset, out.planck.reset();
  return out;
}

void Thermometer::build_scale(const cv::Mat& bgr, const sdk::Radiometric* beneath) {
  const ScaleState& state = *reading_.scale;
  const bool strict = settings_.profile == Profile::seed;
  BarColours colours = bar_colours(bgr, state.bar);
  ScaleLimits limits{state.low_celsius(), state.high_celsius(), Mapping::linear};
  if (!strict && settings_.scale.mapping != MappingChoice::linear) {
    // Cameras lay their signal along the bar, the software on a PC degrees: it also prints the unit behind a limit.
    const bool camera = !state.unit_beside && ((beneath && beneath->planck) || is_signal_palette(colours));
    const bool signal = settings_.scale.mapping == MappingChoice::radiance || camera;
    if (signal) limits.mapping = Mapping::radiance;
    if (beneath && beneath->planck && beneath->planck->b > 100) limits.planck_b = beneath->planck->b;
  }
  const bool same_limits = scale_ && scale_->limits().low_celsius == limits.low_celsius &&
                           scale_->limits().high_celsius == limits.high_celsius &&
                           scale_->limits().mapping == limits.mapping;
  const bool same = strict ? built_of_ == colours.sums : nearly_same(built_of_, colours.sums, colours.count);
  if (same_limits && same) return;
  built_of_ = colours.sums;
  scale_ = std::make_unique<ColourScale>(strict ? std::move(colours) : smoothed(colours), limits);
}

const Reading& Thermometer::look(const sdk::Frame& frame, bool still) {
  reading_ = {};
  made_ = cv::Mat();
  measured_residual_ = false;
  turn_.reset();
  reading_.usable = {{0, 0}, frame.size()};
  const sdk::Radiometric* beneath = frame.radiometric();
  const bool radiometric = beneath && settings_.source != SourceChoice::palette;
  if (settings_.source == SourceChoice::radiometric && !beneath) {
    reading_.why = "the source has no radiometric data";
    return reading_;
  }
  // Beneath a camera's coloured picture lie its temperatures; a bare 16-bit picture has no colours to look at.
  const bool coloured = !radiometric || (still && !frame.monochrome());
  if (coloured) {
    const ScaleState& state = watch_.look(frame.bgr(), seconds(frame), still);
    if (!state.bar.empty()) reading_.scale = state;
    reading_.why = state.why;
    if (reading_.scale) reading_.usable = without_strip(state, frame.size());
    if (reading_.scale && beneath) find_unit(frame, *beneath, *reading_.scale);
    if (reading_.scale && state.limits_known) build_scale(frame.bgr(), beneath);
  }
  if (radiometric) {
    reading_.source = Source::radiometric;
  } else if (reading_.scale && reading_.scale->limits_known) {
    reading_.source = Source::palette;
  }
  return reading_;
}

/// A scale without a visible unit, with temperatures beneath it: the unit in which both agree.
void Thermometer::find_unit(const sdk::Frame&, const sdk::Radiometric& beneath, ScaleState& state) {
  if (state.unit_seen || !state.limits_known || settings_.source == SourceChoice::palette) return;
  cv::Mat celsius, known;
  to_celsius(raw_of(beneath), {}, celsius, known);
  std::vector<float> values;
  for (int y = 0; y < celsius.rows; y += 4) {
    for (int x = 0; x < celsius.cols; x += 4) {
      if (known.at<uchar>(y, x) != 0) values.push_back(celsius.at<float>(y, x));
    }
  }
  const double middle = median(values);
  const auto off = [&](bool fahrenheit) {
    state.fahrenheit = fahrenheit;
    return std::abs((state.low_celsius() + state.high_celsius()) / 2 - middle) /
           (state.high_celsius() - state.low_celsius());
  };
  const double as_celsius = off(false), as_fahrenheit = off(true);
  state.fahrenheit = as_fahrenheit < as_celsius;
  state.certain = state.certain || (std::min(as_celsius, as_fahrenheit) < 1 && std::max(as_celsius, as_fahrenheit) > 1);
}

void Thermometer::celsius(const sdk::Frame& frame, const Surface& surface, cv::Mat& out, cv::Mat& known) {
  const bool same = !made_.empty() && made_surface_.emissivity == surface.emissivity &&
                    made_surface_.reflected_celsius == surface.reflected_celsius;
  if (!same) make(frame, surface);
  out = made_;
  known = made_known_;
}

void Thermometer::beneath(const sdk::Frame& frame, const Surface& surface, cv::Mat& celsius, cv::Mat& known) {
  const sdk::Radiometric raw = raw_of(*frame.radiometric());
  if (!turn_) {
    cv::Mat looks = frame.luma(), fits;
    const bool lies = (raw.raw.cols > raw.raw.rows) != (looks.cols > looks.rows);
    if (lies && scale_ && reading_.scale) scale_->along(frame.bgr(), kTolerance, looks, fits);
    turn_ = turn_of(raw.raw, looks);
  }
  to_celsius(raw, surface, celsius, known);
  lay_over(celsius, known, *turn_, frame.size());
}

void Thermometer::make(const sdk::Frame& frame, const Surface& surface) {
  made_ = cv::Mat();
  made_known_ = cv::Mat();
  made_surface_ = surface;
  bool as_camera = true;  // temperatures for the camera's own emissivity
  if (reading_.source == Source::radiometric) {
    beneath(frame, surface, made_, made_known_);
    as_camera = !raw_of(*frame.radiometric()).planck;
  } else if (reading_.source == Source::palette && scale_) {
    scale_->along(frame.bgr(), kTolerance, made_, made_known_);
    measured_residual_ = true;
    made_known_.setTo(0, overlay_mask(frame.bgr(), made_known_));
    made_known_(grown_bar(*reading_.scale, frame.size())).setTo(0);
  } else {
    made_ = cv::Mat::zeros(frame.size(), CV_32F);
    made_known_ = cv::Mat::zeros(frame.size(), CV_8U);
  }
  if (!as_camera || !surface.emissivity) return;
  made_.forEach<float>(
      [&](float& v, const int*) { v = static_cast<float>(with_emissivity(v, settings_.camera_emissivity, surface)); });
}

void Thermometer::nearest(const sdk::Frame& frame, const cv::Rect& part, const cv::Mat& mask, cv::Mat& out) {
  if (reading_.source == Source::palette && scale_) return scale_->nearest(frame.bgr()(part), mask, out);
  cv::Mat all, known;
  celsius(frame, {}, all, known);
  out = all(part).clone();
}

std::optional<double> Thermometer::residual() const {
  return scale_ && measured_residual_ ? std::optional(scale_->residual()) : std::nullopt;
}

std::optional<Disagreement> Thermometer::disagreement(const sdk::Frame& frame) {
  if (!frame.radiometric() || !reading_.scale || !reading_.scale->limits_known || !scale_) return std::nullopt;
  cv::Mat is, is_known, read, read_known;
  beneath(frame, {}, is, is_known);
  scale_->along(frame.bgr(), kTolerance, read, read_known);
  read_known.setTo(0, overlay_mask(frame.bgr(), read_known));
  std::vector<SeenOnScale> seen;
  const cv::Rect part = reading_.usable;
  for (int y = part.y; y < part.br().y; y += 2) {
    for (int x = part.x; x < part.br().x; x += 2) {
      if (read_known.at<uchar>(y, x) == 0 || is_known.at<uchar>(y, x) == 0) continue;
      const double share = share_at(scale_->limits(), double{read.at<float>(y, x)});
      seen.push_back({static_cast<float>(share), is.at<float>(y, x)});
    }
  }
  return check_scale(seen, scale_->limits());
}

}  // namespace lynceus::pipes

#include "plugins/pipes/scale_check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace lynceus::pipes {
namespace {

constexpr std::size_t kLeastPixels = 100;
constexpr int kSteps = 40;  // the bar's length is cut into
constexpr std::size_t kLeastInStep = 20;
constexpr double kLeastShareInStep = 0.001;  // of all pixels: fewer are overlay and noise
constexpr int kLeastSteps = 8;               // less of the bar tells no shape
constexpr double kMost = 0.75;               // of the steps must keep to it
constexpr double kStraight = 0.0125;         // of the span: a line bends less
constexpr double kOpen = 0.01;               // of the bar at its ends: what is beyond the limits has these colours
constexpr double kBetween = 0.03;            // of the span: printed limits are met so closely
constexpr double kReach = 0.25;              // of the bar: the line is drawn so far beyond what was seen

/// The value that this share of them does not exceed.
double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double median(std::vector<double>& values) { return quantile(values, 0.5); }

/// A step of the bar that the picture shows: its middle, and the median temperature of its pixels.
struct Step {
  double share = 0, celsius = 0, weight = 0;
};

std::vector<Step> steps_of(const std::vector<SeenOnScale>& seen) {
  std::vector<std::vector<double>> shares(kSteps), temperatures(kSteps);
  for (const SeenOnScale& s : seen) {
    if (double{s.share} < kOpen || double{s.share} > 1 - kOpen) continue;
    const auto i = static_cast<std::size_t>(std::clamp(static_cast<int>(s.share * float(kSteps)), 0, kSteps - 1));
    shares[i].push_back(double{s.share});
    temperatures[i].push_back(double{s.celsius});
  }
  const auto least = std::max(kLeastInStep, static_cast<std::size_t>(kLeastShareInStep * double(seen.size())));
  std::vector<Step> out;
  for (std::size_t i = 0; i < kSteps; ++i) {
    const auto weight = static_cast<double>(shares[i].size());
    if (shares[i].size() >= least) out.push_back({median(shares[i]), median(temperatures[i]), weight});
  }
  return out;
}

/// Pools neighbours that fall until none does: the nearest curve that only rises.
void make_monotone(std::vector<Step>& steps) {
  struct Pool {
    double sum = 0, weight = 0;
    std::size_t count = 0;
    double mean() const { return sum / weight; }
  };
  std::vector<Pool> pools;
  for (const Step& s : steps) {
    pools.push_back({s.celsius * s.weight, s.weight, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back().sum += last.sum, pools.back().weight += last.weight, pools.back().count += last.count;
    }
  }
  std::size_t at = 0;
  for (const Pool& pool : pools) {
    for (std::size_t i = 0; i < pool.count; ++i) steps[at++].celsius = pool.mean();
  }
}

double on_curve(const std::vector<Step>& steps, double share) {
  const auto above =
      std::lower_bound(steps.begin(), steps.end(), share, [](const Step& s, double v) { return s.share < v; });
  if (above == steps.begin()) return above->celsius;
  if (above == steps.end()) return steps.back().celsius;
  const Step &low = *(above - 1), &high = *above;
  const double part = high.share > low.share ? (share - low.share) / (high.share - low.share) : 0;
  return low.celsius + part * (high.celsius - low.celsius);
}

/// A line that half of the steps may spoil: the median of all slopes.
struct Line {
  double slope = 0, start = 0;
  double bend = 0;  ///< most steps are no farther from it
  double gap = 0;   ///< nor from what the printed limits say
};

Line line_through(const std::vector<Step>& steps, const ScaleLimits& limits) {
  std::vector<std::pair<double, double>> points;
  for (const Step& s : steps) points.emplace_back(s.share, share_at(limits, s.celsius));
  std::vector<double> slopes, starts, off, apart;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      slopes.push_back((points[j].second - points[i].second) / std::max(points[j].first - points[i].first, 1e-6));
    }
  }
  Line line;
  line.slope = median(slopes);
  for (const auto& [x, y] : points) starts.push_back(y - line.slope * x);
  line.start = median(starts);
  for (const auto& [x, y] : points) {
    off.push_back(std::abs(y - line.start - line.slope * x));
    apart.push_back(std::abs(y - x));
  }
  line.bend = quantile(off, kMost);
  line.gap = quantile(apart, kMost);
  return line;
}

void judge_shape(const std::vector<Step>& steps, const ScaleLimits& limits, Disagreement& out) {
  if (static_cast<int>(steps.size()) < kLeastSteps) return;
  ScaleLimits degrees = limits, signal = limits;
  degrees.mapping = Mapping::linear, signal.mapping = Mapping::radiance;
  const Line by_degrees = line_through(steps, degrees), by_signal = line_through(steps, signal);
  const bool signals = by_signal.bend < by_degrees.bend;
  const Line& line = signals ? by_signal : by_degrees;
  out.bend_share = line.bend;
  out.laid = line.bend > kStraight || line.slope <= 0 ? Laid::equalised
             : line.gap > kBetween                    ? Laid::shifted
                                                      : Laid::linear;
  if (out.laid == Laid::equalised) return;
  const ScaleLimits& own = signals ? signal : degrees;
  if (steps.front().share < kReach) out.low_offset_kelvin = celsius_at(own, line.start) - limits.low_celsius;
  if (steps.back().share > 1 - kReach)
    out.high_offset_kelvin = celsius_at(own, line.start + line.slope) - limits.high_celsius;
}

}  // namespace

const char* name_of(Laid laid) {
  switch (laid) {
    case Laid::linear:
      return "linear";
    case Laid::shifted:
      return "shifted";
    case Laid::equalised:
      return "equalised";
    case Laid::unknown:
      break;
  }
  return "unknown";
}

std::optional<Disagreement> check_scale(const std::vector<SeenOnScale>& seen, const ScaleLimits& limits) {
  const double span = limits.high_celsius - limits.low_celsius;
  std::vector<double> off;
  for (const SeenOnScale& s : seen) {
    const auto is = double{s.celsius};
    if (is < limits.low_celsius || is > limits.high_celsius) continue;
    off.push_back(std::abs(celsius_at(limits, double{s.share}) - is));
  }
  if (off.size() < kLeastPixels) return std::nullopt;
  Disagreement out;
  out.median_kelvin = median(off);
  out.share_of_span = out.median_kelvin / span;
  std::vector<Step> steps = steps_of(seen);
  if (steps.empty()) return out;
  make_monotone(steps);
  std::vector<double> left;
  for (const SeenOnScale& s : seen) {
    if (double{s.share} >= kOpen && double{s.share} <= 1 - kOpen)
      left.push_back(std::abs(on_curve(steps, double{s.share}) - double{s.celsius}));
  }
  out.curve_share = median(left) / span;
  judge_shape(steps, limits, out);
  return out;
}

}  // namespace lynceus::pipes

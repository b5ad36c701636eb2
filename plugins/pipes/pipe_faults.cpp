#include "plugins/pipes/pipe_faults.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/pipes/components.h"

namespace lynceus::pipes {
namespace {

constexpr double kNoiseFactor = 6;
constexpr double kLeastBare = 0.012;  // of the pipe's length
constexpr int kLeastBareColumns = 4;
constexpr double kBridged = 0.015;  // gaps in a bare section
constexpr double kStrong = 1.25;    // a patch has a core at least so many times the limit
constexpr double kOutside = 0.5;    // of the columns' excess, beside the pipe: a branch or a lamp

double median(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

cv::Rect box_of(const PipeStrip& strip, double first, double last, double s_from, double s_to) {
  const PipeLines& lines = strip.lines();
  std::vector<cv::Point2f> corners;
  for (const double column : {first - 0.5, last + 0.5}) {
    const double u = lines.from + (column + 0.5) * strip.step_px();
    for (const double s : {s_from, s_to})
      corners.emplace_back(lines.point(u, lines.centre(u) + s * lines.half_width(u)));
  }
  return cv::boundingRect(corners);
}

/// The narrowing that counts: a share of the width, and more than the edge's own softness.
double narrowing_limit(const PipeStrip& strip, const PipeParams& params) {
  const double half = strip.lines().half_width((strip.lines().from + strip.lines().to) / 2);
  return std::max(params.narrower_share, 0.9 / std::max(half, 1.0));
}

struct Run {
  int first = 0, last = 0;
};

std::vector<Run> runs_of(const std::vector<char>& wanted, int bridged) {
  std::vector<Run> runs;
  for (int i = 0; i < static_cast<int>(wanted.size()); ++i) {
    if (wanted[static_cast<std::size_t>(i)] == 0) continue;
    if (!runs.empty() && i - runs.back().last <= bridged + 1) {
      runs.back().last = i;
    } else {
      runs.push_back({i, i});
    }
  }
  return runs;
}

BareSection describe(const PipeStrip& strip, const Run& run, double width) {
  BareSection out;
  std::vector<double> deltas;
  for (int i = run.first; i <= run.last; ++i) {
    if (strip.usable(i)) deltas.push_back(strip.core()[static_cast<std::size_t>(i)] - strip.usual_core(i));
  }
  const double columns = strip.columns();
  out.from_share = run.first / columns;
  out.length_share = (run.last + 1 - run.first) / columns;
  out.length_px = (run.last + 1 - run.first) * strip.step_px();
  out.delta_kelvin = median(deltas);
  out.narrower = 1 - width;
  out.box = box_of(strip, run.first, run.last, -1, 1);
  return out;
}

void find_bare(const PipeStrip& strip, const PipeParams& params, double hot, PipeFaults& out) {
  const double limit = narrowing_limit(strip, params);
  std::vector<char> wanted(static_cast<std::size_t>(strip.columns()), 0);
  std::vector<double> widths(wanted.size(), 1);
  std::vector<double> intact;
  for (int i = 0; i < strip.columns(); ++i) {
    widths[static_cast<std::size_t>(i)] = strip.width_share(i);
    if (strip.intact(i)) intact.push_back(widths[static_cast<std::size_t>(i)]);
  }
  const double usual = intact.size() < 8 ? 1 : std::clamp(median(intact), 0.6, 1.3);
  for (int i = 0; i < strip.columns(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    widths[at] /= usual;
    const bool is_hot = strip.usable(i) && strip.core()[at] - strip.usual_core(i) > hot;
    wanted[at] = is_hot && widths[at] < 1 - 0.8 * limit ? 1 : 0;
  }
  const int least = std::max(kLeastBareColumns, static_cast<int>(kLeastBare * strip.columns()));
  for (const Run& run : runs_of(wanted, std::max(2, static_cast<int>(kBridged * strip.columns())))) {
    if (run.last + 1 - run.first < least) continue;
    std::vector<double> inside(widths.begin() + run.first, widths.begin() + run.last + 1);
    const double width = median(inside);
    if (width > 1 - limit) continue;
    out.bare.push_back(describe(strip, run, width));
    out.width_share = std::min(out.width_share, width);
  }
}

/// Warm beside the pipe where the patch reaches its edge: something that crosses or stands before it.
bool goes_on_outside(const PipeStrip& strip, const cv::Mat& part, const cv::Rect& box, double peak) {
  const auto warm_beyond = [&](bool second) {
    int warm = 0, seen = 0;
    for (int column = box.x; column < box.br().x; ++column) {
      const int edge = second ? box.br().y - 1 : box.y;
      if (part.at<uchar>(edge - box.y, column - box.x) == 0) continue;
      const auto i = static_cast<std::size_t>(column);
      ++seen;
      int hot = 0, known = 0;
      for (int row = 0; row < PipeStrip::kRows; ++row) {
        const double s = PipeStrip::s_at(row) * (second ? 1 : -1);
        if (s < 1.2 || s > 1.45 || !strip.known(row, column)) continue;
        ++known;
        if (strip.at(row, column) - strip.wall()[i] > kOutside * (strip.usual_core(column) - strip.wall()[i] + peak))
          ++hot;
      }
      if (known > 0 && 2 * hot >= known) ++warm;
    }
    return seen > 0 && 2 * warm >= seen;
  };
  const bool at_first = PipeStrip::s_at(box.y) < -PipeStrip::kInside + 0.08;
  const bool at_second = PipeStrip::s_at(box.br().y - 1) > PipeStrip::kInside - 0.08;
  return (at_first && warm_beyond(false)) || (at_second && warm_beyond(true));
}

bool in_bare(const std::vector<BareSection>& bare, double share) {
  constexpr double kBeside = 0.012;
  return std::any_of(bare.begin(), bare.end(), [&](const BareSection& b) {
    return share > b.from_share - kBeside && share < b.from_share + b.length_share + kBeside;
  });
}

void find_damages(const PipeStrip& strip, const PipeParams& params, PipeFaults& out) {
  cv::Mat hot = strip.excess() > out.limit_kelvin;
  const Components components(hot);
  const double inside_rows = PipeStrip::kRows * PipeStrip::kInside / PipeStrip::kReach;
  const double least = std::max(9.0, params.least_defect_share * inside_rows * strip.columns());
  const double px_per_sample = strip.step_px() * strip.lines().width() / (PipeStrip::kRows - 1) * PipeStrip::kReach;
  for (const Part& spot : components.all()) {
    const cv::Rect& box = spot.box;
    if (spot.area < least || in_bare(out.bare, spot.centre_x / strip.columns())) continue;
    const cv::Mat part = components.mask_of(spot);
    double peak = 0;
    cv::minMaxLoc(strip.excess()(box), nullptr, &peak, nullptr, nullptr, part);
    if (peak < kStrong * out.limit_kelvin || goes_on_outside(strip, part, box, peak)) continue;
    Defect defect;
    defect.box = box_of(strip, box.x, box.br().x - 1, PipeStrip::s_at(box.y), PipeStrip::s_at(box.br().y - 1));
    defect.area_px = cvRound(spot.area * px_per_sample);
    defect.delta_kelvin = cv::mean(strip.excess()(box), part)[0];
    for (int y = box.y; y < box.br().y; ++y) {
      for (int x = box.x; x < box.br().x; ++x) {
        if (part.at<uchar>(y - box.y, x - box.x) == 0) continue;
        defect.max_celsius = std::max(defect.max_celsius, double{strip.at(y, x)});
      }
    }
    out.damages.push_back(defect);
  }
}

}  // namespace

PipeFaults find_faults(const PipeStrip& strip, const PipeParams& params) {
  PipeFaults out;
  const double excess = std::max(0.0, strip.usual_excess());
  out.limit_kelvin =
      std::max({params.least_delta_kelvin, params.least_delta_share * excess, kNoiseFactor * strip.excess_noise()});
  const double hot = std::max({params.least_delta_kelvin, params.least_delta_share * excess, 4 * strip.core_noise()});
  find_bare(strip, params, hot, out);
  find_damages(strip, params, out);
  return out;
}

}  // namespace lynceus::pipes

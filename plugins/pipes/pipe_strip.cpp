#include "plugins/pipes/pipe_strip.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "plugins/pipes/robust_line.h"

namespace lynceus::pipes {
namespace {

constexpr int kMostColumns = 480;
constexpr double kCore = 0.36;  // |s| of the middle
constexpr double kWallFrom = 1.2;
constexpr int kEdgeRows = 5;        // an edge is no softer
constexpr double kNarrowed = 0.92;  // of what is usual: the usual edge is not to be seen
constexpr double kMadToSigma = 1.4826;

/// Partly sorted, then the value at a share of the list.
float quantile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

int row_of(double s) { return static_cast<int>(std::lround((s / PipeStrip::kReach + 1) / 2 * (PipeStrip::kRows - 1))); }

}  // namespace

PipeStrip::PipeStrip(const cv::Mat& celsius, const cv::Mat& known, const PipeLines& lines) : lines_(lines) {
  sample(celsius, known);
  measure_columns();
  fit_core();
  learn_profile();
  measure_reach();
  measure_excess();
}

void PipeStrip::sample(const cv::Mat& celsius, const cv::Mat& known) {
  const int columns = std::clamp(static_cast<int>(lines_.length()), 8, kMostColumns);
  step_ = lines_.length() / columns;
  cv::Mat map_x(kRows, columns, CV_32F), map_y(kRows, columns, CV_32F);
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const double u = u_at(column);
      const cv::Point2d p = lines_.point(u, lines_.centre(u) + s_at(row) * lines_.half_width(u));
      map_x.at<float>(row, column) = static_cast<float>(p.x);
      map_y.at<float>(row, column) = static_cast<float>(p.y);
    }
  }
  cv::remap(celsius, celsius_, map_x, map_y, cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(0));
  cv::remap(known, known_, map_x, map_y, cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(0));
  cv::threshold(known_, known_, 250, 255, cv::THRESH_BINARY);
}

void PipeStrip::measure_columns() {
  const auto n = static_cast<std::size_t>(columns());
  core_.assign(n, 0), wall_.assign(n, 0);
  usable_.assign(n, 0);
  std::vector<float> core, first, second, all_walls;
  std::vector<char> has_wall(n, 0);
  for (int column = 0; column < columns(); ++column) {
    const auto i = static_cast<std::size_t>(column);
    core.clear(), first.clear(), second.clear();
    for (int row = 0; row < kRows; ++row) {
      if (!known(row, column)) continue;
      const double s = s_at(row);
      if (std::abs(s) <= kCore) core.push_back(at(row, column));
      if (s <= -kWallFrom) first.push_back(at(row, column));
      if (s >= kWallFrom) second.push_back(at(row, column));
    }
    usable_[i] = core.size() >= 6 ? 1 : 0;
    core_[i] = quantile(core, 0.5);
    if (first.empty() && second.empty()) continue;
    // The cooler side: on the other a branch or a lamp may be.
    const float a = first.empty() ? 1e9F : quantile(first, 0.5), b = second.empty() ? 1e9F : quantile(second, 0.5);
    wall_[i] = std::min(a, b);
    has_wall[i] = 1;
    all_walls.push_back(wall_[i]);
  }
  const float usual_wall = quantile(all_walls, 0.5);
  for (std::size_t i = 0; i < n; ++i) {
    if (has_wall[i] == 0) wall_[i] = usual_wall;
  }
  cv::Mat walls(1, static_cast<int>(n), CV_32F, wall_.data());
  cv::blur(walls, walls, {31, 1}, {-1, -1}, cv::BORDER_REPLICATE);
}

void PipeStrip::fit_core() {
  std::vector<cv::Point2d> points;
  std::vector<float> steps;
  for (int column = 0; column < columns(); ++column) {
    const auto i = static_cast<std::size_t>(column);
    if (!usable(column)) continue;
    points.emplace_back(column, core_[i]);
    if (column >= 2 && usable(column - 2)) steps.push_back(std::abs(core_[i] - core_[i - 2]));
  }
  core_noise_ = quantile(steps, 0.5) * kMadToSigma / std::sqrt(2.0);
  intact_.assign(usable_.size(), 0);
  if (points.size() < 8) return;
  std::vector<float> cores, walls = wall_;
  for (const cv::Point2d& p : points) cores.push_back(static_cast<float>(p.y));
  const double over = quantile(cores, 0.3) - quantile(walls, 0.5);
  const double tolerance = std::max({0.5, 4 * core_noise_, 0.11 * over});
  usual_ = robust_line(points, tolerance, +1, 0.5 * over / std::max(columns(), 1)).line;
  for (int column = 0; column < columns(); ++column) {
    const auto i = static_cast<std::size_t>(column);
    intact_[i] = usable(column) && std::abs(core_[i] - usual_core(column)) <= tolerance ? 1 : 0;
  }
  std::vector<float> excess;
  for (int column = 0; column < columns(); ++column) {
    excess.push_back(static_cast<float>(usual_core(column)) - wall_[static_cast<std::size_t>(column)]);
  }
  usual_excess_ = quantile(excess, 0.5);
}

/// The same on both sides where both agree; where one side is warmer for more than half of the pipe, the cooler one.
void PipeStrip::learn_profile() {
  profile_.assign(kRows, 0);
  std::vector<float> values;
  for (int row = 0; row < kRows; ++row) {
    values.clear();
    for (int column = 0; column < columns(); ++column) {
      const auto i = static_cast<std::size_t>(column);
      const double excess = usual_core(column) - wall_[i];
      if (intact_[i] == 0 || !known(row, column) || excess < 0.1) continue;
      values.push_back(static_cast<float>((at(row, column) - wall_[i]) / excess));
    }
    profile_[static_cast<std::size_t>(row)] = values.size() < 5 ? 1 : quantile(values, 0.5);
  }
  constexpr double kAgree = 0.15;
  for (int row = 0; row < kRows / 2; ++row) {
    double& a = profile_[static_cast<std::size_t>(row)];
    double& b = profile_[static_cast<std::size_t>(kRows - 1 - row)];
    if (std::abs(a - b) > kAgree) a = b = std::min(a, b);
  }
}

void PipeStrip::measure_reach() {
  for (const int way : {-1, +1}) {
    for (int row = kRows / 2 + way; row >= 0 && row < kRows; row += way) {
      const double inside = profile_[static_cast<std::size_t>(row - way)],
                   here = profile_[static_cast<std::size_t>(row)];
      if (here > 0.5) continue;
      const double part = inside > here ? std::clamp((inside - 0.5) / (inside - here), 0.0, 1.0) : 0.0;
      usual_reach_[way < 0 ? 0 : 1] = std::abs(s_at(row - way)) + part * std::abs(s_at(row) - s_at(row - way));
      break;
    }
  }
}

double PipeStrip::usual(int row, int column) const {
  const double wall = wall_[static_cast<std::size_t>(column)];
  return wall + profile_[static_cast<std::size_t>(row)] * (usual_core(column) - wall);
}

void PipeStrip::measure_excess() {
  cv::Mat raw = cv::Mat::zeros(celsius_.size(), CV_32F);
  const int first = row_of(-kInside), last = row_of(kInside);
  for (int row = first; row <= last; ++row) {
    for (int column = 0; column < columns(); ++column) {
      if (known(row, column)) raw.at<float>(row, column) = at(row, column) - static_cast<float>(usual(row, column));
    }
  }
  cv::medianBlur(raw, excess_, 3);
  cv::blur(excess_, excess_, {3, 3}, {-1, -1}, cv::BORDER_REPLICATE);
  std::vector<float> off;
  for (int row = first; row <= last; row += 2) {
    for (int column = 0; column < columns(); column += 2) {
      if (intact(column) && known(row, column)) off.push_back(std::abs(excess_.at<float>(row, column)));
    }
  }
  excess_noise_ = quantile(off, 0.5) * kMadToSigma;
}

/// What is not known (a cross-hair, what lies outside of the picture) is passed over.
double PipeStrip::width_share(int column) const {
  const double wall = wall_[static_cast<std::size_t>(column)];
  const double level = wall + 0.5 * (usual_core(column) - wall);
  const auto bound = [&](int inside, int outside, double at_level) {
    const double here = at(inside, column), next = at(outside, column);
    const double part = here > next ? std::clamp((here - at_level) / (here - next), 0.0, 1.0) : 0.0;
    return std::abs(s_at(inside)) + part * std::abs(s_at(outside) - s_at(inside));
  };
  // The soft edge of what is narrower and far hotter than usual reaches half of usual too far out: its own half counts.
  const auto steepest = [&](int inside, int outside, int way) {
    for (; inside != kRows / 2 && known(inside, column); outside = inside, inside -= way) {
      double top = 0;
      for (int i = 0, row = inside; i <= kEdgeRows && row != kRows / 2 - way; ++i, row -= way) {
        if (known(row, column)) top = std::max(top, at(row, column) - wall);
      }
      if (at(inside, column) - wall >= 0.5 * top)
        return bound(inside, outside, wall + 0.5 * std::max(top, 2 * (level - wall)));
    }
    return std::abs(s_at(inside));
  };
  const auto reach = [&](int way) -> std::optional<double> {
    int last = kRows / 2;
    for (int row = last + way; row >= 0 && row < kRows; row += way) {
      if (!known(row, column)) continue;
      if (at(row, column) <= level) {
        const double found = bound(last, row, level);
        return found < kNarrowed * usual_reach_[way < 0 ? 0 : 1] ? steepest(last, row, way) : found;
      }
      last = row;
    }
    return std::abs(s_at(last)) >= 1.0 ? std::optional(kReach) : std::nullopt;
  };
  const auto a = reach(-1), b = reach(+1);
  if (a && b) return (*a + *b) / 2;
  return a ? *a : b.value_or(1);
}

}  // namespace lynceus::pipes

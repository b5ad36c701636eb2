#include "plugins/pipes/pipe_finder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "plugins/pipes/robust_line.h"

namespace lynceus::pipes {
namespace {

constexpr int kBins = 512;
constexpr double kLeastArea = 0.006;      // of the picture
constexpr int kComponents = 4;            // the largest of each threshold
constexpr double kLeastWidth_px = 4;
constexpr double kLeastAspect = 1.8;
constexpr double kLeastLength = 0.45;     // of the way through the picture along the axis
constexpr double kLeastSupport = 0.42, kLeastExplained = 0.72;
constexpr double kMostTaper = 0.35;       // difference of the edges' slopes

/// Histogram between two robust ends, for Otsu's method on any part of it.
struct Histogram {
  double low = 0, step = 1;
  std::array<double, kBins> bins{};

  explicit Histogram(const cv::Mat& celsius) {
    double least = 0, greatest = 0;
    cv::minMaxLoc(celsius, &least, &greatest);
    low = least;
    step = std::max(1e-6, (greatest - least) / kBins);
    for (int y = 0; y < celsius.rows; ++y) {
      const auto* row = celsius.ptr<float>(y);
      for (int x = 0; x < celsius.cols; ++x) {
        ++bins[static_cast<std::size_t>(std::clamp(int((row[x] - low) / step), 0, kBins - 1))];
      }
    }
  }

  /// Otsu's threshold of the values in bins [from, to): the last bin of the lower class; −1 when they are all the same.
  int otsu(int from, int to) const {
    double total = 0, sum = 0;
    for (int i = from; i < to; ++i) total += bins[std::size_t(i)], sum += i * bins[std::size_t(i)];
    double below = 0, sum_below = 0, best = 0;
    int level = -1;
    for (int i = from; i < to; ++i) {
      below += bins[std::size_t(i)], sum_below += i * bins[std::size_t(i)];
      if (below == 0 || below == total) continue;
      const double gap = sum_below / below - (sum - sum_below) / (total - below);
      if (below * (total - below) * gap * gap <= best) continue;
      best = below * (total - below) * gap * gap;
      level = i;
    }
    return level;
  }
  double value(int bin) const { return low + (bin + 1) * step; }
};

std::vector<double> thresholds_of(const cv::Mat& celsius) {
  const Histogram histogram(celsius);
  std::vector<double> out;
  const auto add = [&](int bin) {
    if (bin >= 0) out.push_back(histogram.value(bin));
    return bin;
  };
  const int all = add(histogram.otsu(0, kBins));
  if (all < 0) return out;
  const int below = add(histogram.otsu(0, all + 1));
  add(histogram.otsu(all + 1, kBins));
  if (below >= 0) {
    add(histogram.otsu(0, below + 1));
    add(histogram.otsu(below + 1, all + 1));
  }
  // Thresholds that lie close together give the same pipe twice.
  std::vector<double> apart;
  for (const double value : out) {
    const auto near = [&](double other) { return std::abs(value - other) < 12 * histogram.step; };
    if (std::none_of(apart.begin(), apart.end(), near)) apart.push_back(value);
  }
  return apart;
}

/// The first and the last pixel of each column across the axis; those at the picture's border are no edges.
struct Edges {
  std::vector<cv::Point2d> first, second;
  double from = 0, to = 0;
};

Edges edges_of(const cv::Mat& mask, cv::Point at, cv::Size size, const PipeLines& frame) {
  struct Extent {
    double least = 1e9, greatest = -1e9;
    bool least_cut = false, greatest_cut = false;
  };
  const double reach = std::hypot(size.width, size.height) + 2;
  std::vector<Extent> columns(static_cast<std::size_t>(2 * reach) + 2);
  const cv::Point2d along = frame.along(), across = frame.across();
  const auto place = [&](int x, int y) {
    const cv::Point2d d(x - frame.origin.x, y - frame.origin.y);
    const double v = d.dot(across);
    Extent& column = columns[static_cast<std::size_t>(std::lround(d.dot(along) + reach))];
    const bool cut = x == 0 || y == 0 || x == size.width - 1 || y == size.height - 1;
    if (v < column.least) column.least = v, column.least_cut = cut;
    if (v > column.greatest) column.greatest = v, column.greatest_cut = cut;
  };
  // Only pixels on the outline can be first or last in their column.
  for (int y = 0; y < mask.rows; ++y) {
    const auto* row = mask.ptr<uchar>(y);
    const bool edge_row = y == 0 || y + 1 == mask.rows;
    for (int x = 0; x < mask.cols; ++x) {
      if (row[x] == 0) continue;
      const bool inner = !edge_row && x > 0 && x + 1 < mask.cols && row[x - 1] != 0 && row[x + 1] != 0 &&
                         mask.at<uchar>(y - 1, x) != 0 && mask.at<uchar>(y + 1, x) != 0;
      if (!inner) place(at.x + x, at.y + y);
    }
  }
  Edges out;
  bool any = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Extent& column = columns[i];
    if (column.greatest < column.least) continue;
    const double u = static_cast<double>(i) - reach;
    if (!any) out.from = u;
    any = true;
    out.to = u;
    if (!column.least_cut) out.first.emplace_back(u, column.least - 0.5);
    if (!column.greatest_cut) out.second.emplace_back(u, column.greatest + 0.5);
  }
  return out;
}

/// The axis of the component's moments.
PipeLines moment_frame(const cv::Mat& mask, cv::Point at) {
  const cv::Moments m = cv::moments(mask, true);
  PipeLines frame;
  frame.origin = {at.x + m.m10 / m.m00, at.y + m.m01 / m.m00};
  frame.angle = 0.5 * std::atan2(2 * m.mu11, m.mu20 - m.mu02);
  return frame;
}

double wrapped(double angle) {
  while (angle > CV_PI / 2) angle -= CV_PI;
  while (angle <= -CV_PI / 2) angle += CV_PI;
  return angle;
}

/// How far one can go along the axis through the origin within the picture.
double way_through(const PipeLines& lines, cv::Size size) {
  const cv::Point2d d = lines.along();
  const double across_x = std::abs(d.x) > 1e-9 ? size.width / std::abs(d.x) : 1e9;
  const double across_y = std::abs(d.y) > 1e-9 ? size.height / std::abs(d.y) : 1e9;
  return std::min(across_x, across_y);
}

float sample(const cv::Mat& celsius, const cv::Point2d& p) {
  const int x = cvRound(p.x), y = cvRound(p.y);
  if (x < 0 || y < 0 || x >= celsius.cols || y >= celsius.rows) return std::numeric_limits<float>::quiet_NaN();
  return celsius.at<float>(y, x);
}

double median(std::vector<float>& values, double share = 0.5) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

struct Fitted {
  PipeLines lines;
  double support = 0, explained = 0;
};

/// Without what is much thinner than the component's thickest part: branches, and lamps that touch it. A round opening
/// by distances, which costs the same whatever its size. Outside of the picture counts as the component's own.
cv::Mat without_thin_parts(const cv::Mat& own, const cv::Rect& box, cv::Size size) {
  constexpr double kThin = 0.45;
  const cv::Rect reach = cv::Rect(box.x - 2, box.y - 2, box.width + 4, box.height + 4);
  cv::Mat padded;
  const auto beyond = [](bool outside) { return outside ? cv::BORDER_REPLICATE : cv::BORDER_CONSTANT; };
  cv::copyMakeBorder(own, padded, 2, 2, 0, 0, beyond(reach.y < 0 || reach.br().y > size.height), cv::Scalar(0));
  cv::copyMakeBorder(padded, padded, 0, 0, 2, 2, beyond(reach.x < 0 || reach.br().x > size.width), cv::Scalar(0));
  cv::Mat distance, core, back;
  cv::distanceTransform(padded, distance, cv::DIST_L2, 3);
  double deepest = 0;
  cv::minMaxLoc(distance, nullptr, &deepest);
  const double radius = kThin * deepest;
  if (radius < 2) return own;
  cv::compare(distance, radius, core, cv::CMP_LE);  // 0 inside the eroded component
  cv::distanceTransform(core, back, cv::DIST_L2, 3);
  cv::Mat opened = back < radius + 0.5;
  opened &= padded;
  return opened(cv::Rect({2, 2}, own.size())).clone();
}

std::optional<Fitted> fit(const cv::Mat& mask, cv::Point at, cv::Size size) {
  Fitted out;
  PipeLines& lines = out.lines;
  lines = moment_frame(mask, at);
  for (int round = 0; round < 4; ++round) {
    const Edges edges = edges_of(mask, at, size, lines);
    const std::size_t least = 8;
    if (edges.first.size() < least || edges.second.size() < least) return std::nullopt;
    const double tolerance = std::max(1.2, 0.006 * size.width);
    const LineFit first = robust_line(edges.first, tolerance, +1), second = robust_line(edges.second, tolerance, -1);
    lines.first = first.line, lines.second = second.line;
    lines.from = edges.from, lines.to = edges.to;
    out.support = std::min(first.support, second.support);
    out.explained = std::min(first.support + first.tolerated, second.support + second.tolerated);
    const double turn = std::atan((first.line.slope + second.line.slope) / 2);
    if (std::abs(turn) < 0.004) break;
    lines.angle = wrapped(lines.angle + turn);
    const double v = lines.centre(0);
    lines.origin += v * lines.across();
  }
  return out;
}

/// Columns of the pipe that the picture has: not those where only a branch or a lamp sticks out.
void trim_to_picture(PipeLines& lines, const cv::Mat& mask_of_label, cv::Point at) {
  const auto inside = [&](double u) {
    const cv::Point2d p = lines.point(u, lines.centre(u)) - cv::Point2d(at);
    const int x = cvRound(p.x), y = cvRound(p.y);
    return x >= 0 && y >= 0 && x < mask_of_label.cols && y < mask_of_label.rows && mask_of_label.at<uchar>(y, x) != 0;
  };
  while (lines.from < lines.to && !inside(lines.from)) lines.from += 1;
  while (lines.to > lines.from && !inside(lines.to)) lines.to -= 1;
}

std::optional<FoundPipe> judge(const cv::Mat& celsius, Fitted fitted, const cv::Mat& mask, cv::Point at) {
  FoundPipe out;
  PipeLines& lines = fitted.lines;
  trim_to_picture(lines, mask, at);
  const double width = lines.width(), length = lines.length();
  if (width < kLeastWidth_px || length < kLeastAspect * width) return std::nullopt;
  if (lines.half_width(lines.from) <= 0.5 || lines.half_width(lines.to) <= 0.5) return std::nullopt;
  if (std::abs(lines.first.slope - lines.second.slope) > kMostTaper) return std::nullopt;
  if (fitted.support < kLeastSupport || fitted.explained < kLeastExplained) return std::nullopt;
  const double share = length / way_through(lines, celsius.size());
  if (share < kLeastLength) return std::nullopt;
  out.lines = lines;
  out.contrast_kelvin = contrast_of(celsius, lines);
  if (out.contrast_kelvin <= 0) return std::nullopt;
  out.score = std::min(share, 1.0) * fitted.explained * (0.5 + fitted.support) * std::min(1.0, 0.5 + width / 40.0);
  return out;
}

void consider(const cv::Mat& celsius, double threshold, std::optional<FoundPipe>& best) {
  cv::Mat mask, labels, stats, centres;
  cv::compare(celsius, threshold, mask, cv::CMP_GT);
  cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centres, 8, CV_32S);
  std::vector<std::pair<int, int>> order;
  for (int i = 1; i < count; ++i) {
    const int area = stats.at<int>(i, cv::CC_STAT_AREA);
    if (area >= kLeastArea * static_cast<double>(celsius.total())) order.emplace_back(-area, i);
  }
  std::sort(order.begin(), order.end());
  order.resize(std::min<std::size_t>(order.size(), kComponents));
  for (const auto& [negative_area, i] : order) {
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    const cv::Mat own = labels(box) == i;
    for (const cv::Mat& part : {without_thin_parts(own, box, celsius.size()), own}) {
      const auto fitted = fit(part, box.tl(), celsius.size());
      if (!fitted) continue;
      const auto found = judge(celsius, *fitted, own, box.tl());
      if (!found) continue;
      if (!best || found->score > best->score) best = found;
      break;  // the whole component is looked at only where what is left of it is no pipe
    }
  }
}

}  // namespace

double contrast_of(const cv::Mat& celsius, const PipeLines& lines) {
  std::vector<float> inside, first, second;
  const double step = std::max(1.0, lines.length() / 120);
  for (double u = lines.from; u <= lines.to; u += step) {
    const double c = lines.centre(u), h = lines.half_width(u);
    const auto take = [&](double s, std::vector<float>& into) {
      const float value = sample(celsius, lines.point(u, c + s * h));
      if (!std::isnan(value)) into.push_back(value);
    };
    for (const double s : {-0.5, 0.0, 0.5}) take(s, inside);
    for (const double s : {1.35, 1.6}) take(s, second), take(-s, first);
  }
  if (inside.size() < 10 || first.size() < 5 || second.size() < 5) return 0;
  return median(inside, 0.4) - std::max(median(first), median(second));
}

namespace {

/// Halfway between the intact pipe and what lies well beside it: where the edge really is. A threshold that separates a
/// bare section from the rest cuts the insulation's falling sides off.
std::optional<double> edge_level(const cv::Mat& celsius, const PipeLines& lines) {
  std::vector<float> inside, beside;
  const double step = std::max(1.0, lines.length() / 120);
  for (double u = lines.from; u <= lines.to; u += step) {
    const double c = lines.centre(u), h = lines.half_width(u);
    const auto take = [&](double s, std::vector<float>& into) {
      const float value = sample(celsius, lines.point(u, c + s * h));
      if (!std::isnan(value)) into.push_back(value);
    };
    for (const double s : {-0.3, 0.0, 0.3}) take(s, inside);
    for (const double s : {2.0, 2.4}) take(s, beside), take(-s, beside);
  }
  if (inside.size() < 10 || beside.size() < 10) return std::nullopt;
  const double wall = median(beside, 0.4);
  return wall + 0.45 * (median(inside, 0.35) - wall);
}

}  // namespace

std::optional<FoundPipe> find_pipe(const cv::Mat& celsius) {
  std::optional<FoundPipe> best;
  if (celsius.empty() || celsius.cols < 16 || celsius.rows < 16) return best;
  for (const double threshold : thresholds_of(celsius)) consider(celsius, threshold, best);
  if (!best) return best;
  const auto level = edge_level(celsius, best->lines);
  std::optional<FoundPipe> refined;
  if (level) consider(celsius, *level, refined);
  constexpr double kAsGood = 0.75;
  return refined && refined->score >= kAsGood * best->score ? refined : best;
}

}  // namespace lynceus::pipes

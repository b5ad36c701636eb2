#include "plugins/pipes/pipe_finder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "plugins/pipes/components.h"
#include "plugins/pipes/pipe_fit.h"

namespace lynceus::pipes {
namespace {

constexpr int kBins = 512;
constexpr double kLeastArea = 0.006;    // of the picture
constexpr std::size_t kComponents = 4;  // the largest of each threshold
constexpr double kLeastWidth_px = 4;
constexpr double kLeastAspect = 1.8;
constexpr double kLeastLength = 0.45;  // of the way through the picture along the axis
constexpr double kLeastSupport = 0.42, kLeastExplained = 0.72;
constexpr double kClean = 0.95;      // of both edges, on their lines: nothing sticks out
constexpr double kMostTaper = 0.35;  // difference of the edges' slopes

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

/// What the picture holds beside the centre line, `offsets` in half widths of the pipe.
std::vector<float> values_along(const cv::Mat& celsius, const PipeLines& lines, std::initializer_list<double> offsets) {
  std::vector<float> out;
  const double step = std::max(1.0, lines.length() / 120);
  for (double u = lines.from; u <= lines.to; u += step) {
    const double centre = lines.centre(u), half = lines.half_width(u);
    for (const double offset : offsets) {
      const float value = sample(celsius, lines.point(u, centre + offset * half));
      if (!std::isnan(value)) out.push_back(value);
    }
  }
  return out;
}

double median(std::vector<float>& values, double share = 0.5) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
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
  cv::Mat mask;
  cv::compare(celsius, threshold, mask, cv::CMP_GT);
  cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
  const Components components(mask);
  std::vector<Part> largest;
  for (const Part& part : components.all()) {
    if (part.area >= kLeastArea * static_cast<double>(celsius.total())) largest.push_back(part);
  }
  std::stable_sort(largest.begin(), largest.end(), [](const Part& a, const Part& b) { return a.area > b.area; });
  if (largest.size() > kComponents) largest.resize(kComponents);
  for (const Part& component : largest) {
    const cv::Rect& box = component.box;
    const cv::Mat own = components.mask_of(component);
    auto fitted = fit(own, box.tl(), celsius.size());
    const bool clean = fitted && fitted->support >= kClean && fitted->explained >= kClean;
    const auto judged = [&] { return fitted ? judge(celsius, *fitted, own, box.tl()) : std::nullopt; };
    auto found = clean ? judged() : std::nullopt;
    if (!clean) {  // as a whole only where what is left without its thin parts is no pipe
      const auto whole =
          std::exchange(fitted, fit(without_thin_parts(own, box, celsius.size()), box.tl(), celsius.size()));
      found = judged();
      if (!found) fitted = whole, found = judged();
    }
    if (found && (!best || found->score > best->score)) best = found;
  }
}

}  // namespace

double contrast_of(const cv::Mat& celsius, const PipeLines& lines) {
  std::vector<float> inside = values_along(celsius, lines, {-0.5, 0.0, 0.5});
  std::vector<float> first = values_along(celsius, lines, {-1.35, -1.6});
  std::vector<float> second = values_along(celsius, lines, {1.35, 1.6});
  if (inside.size() < 10 || first.size() < 5 || second.size() < 5) return 0;
  return median(inside, 0.4) - std::max(median(first), median(second));
}

namespace {

/// Halfway between the intact pipe and what lies well beside it: where the edge really is. A threshold that separates a
/// bare section from the rest cuts the insulation's falling sides off.
std::optional<double> edge_level(const cv::Mat& celsius, const PipeLines& lines) {
  std::vector<float> inside = values_along(celsius, lines, {-0.3, 0.0, 0.3});
  std::vector<float> beside = values_along(celsius, lines, {-2.4, -2.0, 2.0, 2.4});
  if (inside.size() < 10 || beside.size() < 10) return std::nullopt;
  const double wall = median(beside, 0.4);
  return wall + 0.45 * (median(inside, 0.35) - wall);
}

/// The best of all thresholds.
std::optional<FoundPipe> search(const cv::Mat& celsius) {
  std::optional<FoundPipe> best;
  for (const double threshold : thresholds_of(celsius)) consider(celsius, threshold, best);
  return best;
}

/// The pipe once more by the threshold of its own edges; nothing where that is worse.
std::optional<FoundPipe> refined(const cv::Mat& celsius, const FoundPipe& found) {
  constexpr double kAsGood = 0.75;
  const auto level = edge_level(celsius, found.lines);
  std::optional<FoundPipe> out;
  if (level) consider(celsius, *level, out);
  return out && out->score >= kAsGood * found.score ? out : std::nullopt;
}

/// Where a picture `times` smaller shows it, at the size of the whole one. Thinner pipes deserve a closer look.
std::optional<FoundPipe> search_smaller(const cv::Mat& celsius, int times) {
  constexpr int kLeastSide = 70;
  constexpr double kThick_px = 6;
  const cv::Size size((celsius.cols + times - 1) / times, (celsius.rows + times - 1) / times);
  if (std::max(size.width, size.height) < kLeastSide) return std::nullopt;
  cv::Mat smaller;
  cv::resize(celsius, smaller, size, 0, 0, cv::INTER_AREA);
  auto found = search(smaller);
  if (!found || found->lines.width() < kThick_px) return std::nullopt;
  found->lines = found->lines.scaled(times);
  found->lines.origin += cv::Point2d(0.5 * (times - 1), 0.5 * (times - 1));
  return found;
}

}  // namespace

std::optional<FoundPipe> find_pipe(const cv::Mat& celsius) {
  if (celsius.empty() || celsius.cols < 16 || celsius.rows < 16) return std::nullopt;
  for (const int times : {4, 2}) {
    const auto rough = search_smaller(celsius, times);
    if (!rough) continue;
    if (const auto found = refined(celsius, *rough)) return found;
  }
  const auto best = search(celsius);
  if (!best) return best;
  const auto better = refined(celsius, *best);
  return better ? better : best;
}

}  // namespace lynceus::pipes

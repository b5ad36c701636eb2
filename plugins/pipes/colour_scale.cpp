#include "plugins/pipes/colour_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace lynceus::pipes {
namespace {

constexpr int kCellBits = 3;  // a cell is 8 levels wide
constexpr int kCellsAcross = 256 >> kCellBits;
constexpr std::size_t kTable = 2048;
constexpr double kKelvin = 273.15;

double signal(double celsius, double b) { return 1 / (std::exp(b / (celsius + kKelvin)) - 1); }

/// The exact squared distance, times count².
std::int64_t distance_of(const BarColours& colours, std::size_t i, int b, int g, int r) {
  const cv::Vec3i& sum = colours.sums[i];
  const std::int64_t db = std::int64_t{b} * colours.count - sum[0], dg = std::int64_t{g} * colours.count - sum[1],
                     dr = std::int64_t{r} * colours.count - sum[2];
  return db * db + dg * dg + dr * dr;
}

std::size_t cell_of(int b, int g, int r) {
  return (static_cast<std::size_t>(b >> kCellBits) * kCellsAcross + static_cast<std::size_t>(g >> kCellBits)) *
             kCellsAcross +
         static_cast<std::size_t>(r >> kCellBits);
}

std::uint32_t key_of(const cv::Vec3b& pixel) {
  return std::uint32_t{pixel[0]} | std::uint32_t{pixel[1]} << 8 | std::uint32_t{pixel[2]} << 16;
}

std::size_t slot_of(std::uint32_t key, std::size_t slots) { return (key * 2654435761U >> 12) & (slots - 1); }

}  // namespace

double celsius_at(const ScaleLimits& limits, double share) {
  const double low = limits.low_celsius, high = limits.high_celsius;
  if (limits.mapping == Mapping::linear) return low + share * (high - low);
  const double cold = signal(low, limits.planck_b), hot = signal(high, limits.planck_b);
  const double seen =
      std::max(cold + share * (hot - cold), 1e-9 * hot);  // far below the cold end there is no signal left
  return limits.planck_b / std::log1p(1 / seen) - kKelvin;
}

double share_at(const ScaleLimits& limits, double celsius) {
  const double low = limits.low_celsius, high = limits.high_celsius;
  if (limits.mapping == Mapping::linear) return (celsius - low) / (high - low);
  const double cold = signal(low, limits.planck_b), hot = signal(high, limits.planck_b);
  return (signal(std::max(celsius, 1 - kKelvin), limits.planck_b) - cold) / (hot - cold);
}

BarColours bar_colours(const cv::Mat& bgr, const cv::Rect& bar) {
  const bool horizontal = bar.width > bar.height;
  const int across = horizontal ? bar.height : bar.width, length = horizontal ? bar.width : bar.height;
  const int from = across / 3, to = std::max(from + 1, across - across / 3);
  BarColours out;
  out.count = to - from;
  out.sums.resize(static_cast<std::size_t>(length));
  for (int i = 0; i < length; ++i) {
    cv::Vec3i sum(0, 0, 0);
    for (int j = from; j < to; ++j) {
      const cv::Point at = horizontal ? cv::Point(bar.x + i, bar.y + j) : cv::Point(bar.x + j, bar.br().y - 1 - i);
      sum += cv::Vec3i(bgr.at<cv::Vec3b>(at));
    }
    out.sums[static_cast<std::size_t>(i)] = sum;
  }
  return out;
}

ColourScale::ColourScale(BarColours colours, const ScaleLimits& limits)
    : colours_(std::move(colours)),
      limits_(limits),
      cells_(kCellsAcross * kCellsAcross * kCellsAcross),
      lists_(1),
      cache_(kCache) {
  const std::size_t n = colours_.sums.size();
  if (n < 2 || n > std::numeric_limits<std::uint16_t>::max()) throw std::invalid_argument("scale bar: too few colours");
  for (std::size_t i = 0; i < n; ++i) {
    centres_.push_back(colours_.colour(i));
    celsius_of_entry_.push_back(static_cast<float>(celsius_at(limits_, static_cast<double>(i) / double(n - 1))));
  }
  for (std::size_t i = 0; i <= kTable; ++i) {
    table_.push_back(static_cast<float>(celsius_at(limits_, static_cast<double>(i) / double(kTable))));
  }
}

/// An entry can be the nearest of some colour of the cell only if it is no farther from the cell's middle than the
/// nearest one plus the cell's diameter.
std::span<const std::uint16_t> ColourScale::candidates(std::size_t cell) {
  const auto list = [&] { return std::span(lists_).subspan(cells_[cell] + 1, lists_[cells_[cell]]); };
  if (cells_[cell] != 0) return list();
  const double half = ((1 << kCellBits) - 1) / 2.0;
  const cv::Vec3d middle(static_cast<double>(cell / (kCellsAcross * kCellsAcross) << kCellBits) + half,
                         static_cast<double>(cell / kCellsAcross % kCellsAcross << kCellBits) + half,
                         static_cast<double>(cell % kCellsAcross << kCellBits) + half);
  const std::size_t n = centres_.size();
  distances_.resize(n);
  double least = 1e9;
  for (std::size_t i = 0; i < n; ++i) {
    const cv::Vec3d d = centres_[i] - middle;
    distances_[i] = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    least = std::min(least, distances_[i]);
  }
  const double reach = std::sqrt(least) + 2 * half * std::sqrt(3.0) + 1e-6;
  cells_[cell] = static_cast<std::uint32_t>(lists_.size());
  lists_.push_back(0);
  for (std::size_t i = 0; i < n; ++i) {
    if (distances_[i] <= reach * reach) lists_.push_back(static_cast<std::uint16_t>(i));
  }
  lists_[cells_[cell]] = static_cast<std::uint16_t>(lists_.size() - cells_[cell] - 1);
  return list();
}

/// Ties go to the hotter entry, the one nearer to the bar's top.
int ColourScale::nearest_entry(int b, int g, int r) {
  const auto list = candidates(cell_of(b, g, r));
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  int entry = 0;
  for (const std::uint16_t i : list) {
    const std::int64_t distance = distance_of(colours_, i, b, g, r);
    if (distance <= best) {
      best = distance;
      entry = i;
    }
  }
  return entry;
}

void ColourScale::nearest(const cv::Mat& bgr, const cv::Mat& mask, cv::Mat& celsius) {
  celsius.create(bgr.size(), CV_32F);
  celsius.setTo(0);
  std::vector<Cached> seen(kCache);
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* in = bgr.ptr<cv::Vec3b>(y);
    const auto* wanted = mask.ptr<uchar>(y);
    auto* out = celsius.ptr<float>(y);
    for (int x = 0; x < bgr.cols; ++x) {
      if (wanted[x] == 0) continue;
      const std::uint32_t key = key_of(in[x]);
      Cached& cached = seen[slot_of(key, kCache)];
      if (cached.key != key) {
        const int entry = nearest_entry(in[x][0], in[x][1], in[x][2]);
        cached = {key, celsius_of_entry_[static_cast<std::size_t>(entry)], 0, 0};
      }
      out[x] = cached.celsius;
    }
  }
}

double ColourScale::distance_to_piece(const cv::Vec3d& p, std::size_t lower, double& share) const {
  const cv::Vec3d way = centres_[lower + 1] - centres_[lower];
  const double length = way.dot(way);
  share = length > 0 ? std::clamp((p - centres_[lower]).dot(way) / length, 0.0, 1.0) : 0.5;
  const cv::Vec3d off = centres_[lower] + share * way - p;
  return off.dot(off);
}

ColourScale::Cached ColourScale::project(int b, int g, int r) {
  const auto entry = static_cast<std::size_t>(nearest_entry(b, g, r));
  const cv::Vec3d p(b, g, r);
  double best = 1e18, position = static_cast<double>(entry), share = 0;
  for (const std::size_t lower : {entry == 0 ? 0 : entry - 1, entry}) {
    if (lower + 1 >= centres_.size()) continue;
    const double distance = distance_to_piece(p, lower, share);
    if (distance >= best) continue;
    best = distance;
    position = static_cast<double>(lower) + share;
  }
  const double at = position / static_cast<double>(centres_.size() - 1) * double(kTable);
  return {0, table_[static_cast<std::size_t>(std::lround(at))], static_cast<float>(std::sqrt(best)),
          static_cast<std::uint32_t>(std::lround(best * kSquareUnit))};
}

void ColourScale::along(const cv::Mat& bgr, double tolerance, cv::Mat& celsius, cv::Mat& known) {
  celsius.create(bgr.size(), CV_32F);
  known.create(bgr.size(), CV_8U);
  const auto most = static_cast<float>(tolerance);
  std::uint64_t squares = 0, count = 0;
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* in = bgr.ptr<cv::Vec3b>(y);
    auto* out = celsius.ptr<float>(y);
    auto* good = known.ptr<uchar>(y);
    for (int x = 0; x < bgr.cols; ++x) {
      const std::uint32_t key = key_of(in[x]);
      Cached& cached = cache_[slot_of(key, kCache)];
      if (cached.key != key) {
        cached = project(in[x][0], in[x][1], in[x][2]);
        cached.key = key;
      }
      out[x] = cached.celsius;
      const bool fits = cached.distance <= most;
      good[x] = fits ? 255 : 0;
      squares += fits ? cached.square : 0;
      count += fits ? 1 : 0;
    }
  }
  residual_ = count > 0 ? std::sqrt(static_cast<double>(squares) / kSquareUnit / static_cast<double>(count)) : 0;
}

}  // namespace lynceus::pipes

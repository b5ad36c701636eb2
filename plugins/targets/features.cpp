#include "plugins/targets/features.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace lynceus::targets {
namespace {

cv::Rect square(cv::Point at, int reach) { return {at.x - reach, at.y - reach, 2 * reach + 1, 2 * reach + 1}; }

struct Sums {
  double count = 0, sum = 0, square = 0;
};

Sums sums_of(const cv::Mat& picture, cv::Rect where) {
  where &= cv::Rect({0, 0}, picture.size());
  std::uint32_t sum = 0, squares = 0;  // 41 · 41 · 255² fits
  for (int y = where.y; y < where.br().y; ++y) {
    const uchar* row = picture.ptr(y) + where.x;
    for (int x = 0; x < where.width; ++x) sum += row[x], squares += std::uint32_t(row[x]) * row[x];
  }
  return {double(where.area()), double(sum), double(squares)};
}

struct Ring {
  double mean = 0, sigma = 0;
};

Ring ring(const cv::Mat& picture, cv::Point at, int reach, int guard) {
  const Sums all = sums_of(picture, square(at, reach)), inside = sums_of(picture, square(at, guard));
  const double count = std::max(1.0, all.count - inside.count), mean = (all.sum - inside.sum) / count;
  return {mean, std::sqrt(std::max(0.0, (all.square - inside.square) / count - mean * mean))};
}

double mean_around(const cv::Mat& picture, cv::Point at, int reach) {
  const Sums sums = sums_of(picture, square(at, reach));
  return sums.sum / std::max(1.0, sums.count);
}

/// The greatest residual within `reach` that does not belong to the peak.
int rival(const cv::Mat& residual, cv::Point at, int reach, int guard) {
  const cv::Rect where = square(at, reach) & cv::Rect({0, 0}, residual.size()), own = square(at, guard);
  int most = 0;
  for (int y = where.y; y < where.br().y; ++y) {
    const uchar* row = residual.ptr(y);
    const bool crosses = y >= own.y && y < own.br().y;
    const int stop = crosses ? std::max(where.x, own.x) : where.br().x,
              again = crosses ? std::min(where.br().x, own.br().x) : where.br().x;
    for (int x = where.x; x < stop; ++x) most = std::max(most, int(row[x]));
    for (int x = again; x < where.br().x; ++x) most = std::max(most, int(row[x]));
  }
  return most;
}

/// How far the picture stays above `level` along a line through the peak, in pixels.
double extent(const cv::Mat& picture, cv::Point at, cv::Point step, double level) {
  constexpr int kMost = 8;
  const cv::Rect all({0, 0}, picture.size());
  int pixels = 1;
  for (const int side : {1, -1}) {
    cv::Point p = at;
    for (int i = 0; i < kMost; ++i, ++pixels) {
      p += step * side;
      if (!all.contains(p) || picture.at<uchar>(p) < level) break;
    }
  }
  return pixels * (step.x != 0 && step.y != 0 ? std::numbers::sqrt2 : 1.0);
}

/// Mean, greatest, least and σ of the picture in eight directions, 5 to 9 pixels away.
struct Sectors {
  double mean = 0, greatest = 0, least = 255, sigma = 0;
};

Sectors sectors_around(const cv::Mat& picture, cv::Point at) {
  constexpr double kStep[8][2] = {{1, 0},  {0.7071, 0.7071},   {0, 1},  {-0.7071, 0.7071},
                                  {-1, 0}, {-0.7071, -0.7071}, {0, -1}, {0.7071, -0.7071}};
  const cv::Rect all({0, 0}, picture.size());
  Sectors out;
  double squares = 0, sectors = 0;
  for (const auto& step : kStep) {
    double sum = 0, count = 0;
    for (int r = 5; r <= 9; ++r) {
      const cv::Point p(at.x + cvRound(r * step[0]), at.y + cvRound(r * step[1]));
      if (all.contains(p)) sum += picture.at<uchar>(p), count += 1;
    }
    if (count == 0) continue;
    const double mean = sum / count;
    sectors += 1, out.mean += mean, squares += mean * mean;
    out.greatest = std::max(out.greatest, mean), out.least = std::min(out.least, mean);
  }
  if (sectors == 0) return {};
  out.mean /= sectors;
  out.sigma = std::sqrt(std::max(0.0, squares / sectors - out.mean * out.mean));
  return out;
}

float log_of(double value, double least) { return float(std::log(std::max(value, least))); }

}  // namespace

PictureFigures picture_figures(const cv::Mat& residual) {
  std::array<std::array<int, 256>, 4> parts{};  // neighbours are often alike: one counter would wait for itself
  for (int y = 0; y < residual.rows; y += 2) {
    const uchar* row = residual.ptr(y);
    int x = 0;
    for (; x + 4 <= residual.cols; x += 4) {
      for (int i = 0; i < 4; ++i) ++parts[std::size_t(i)][row[x + i]];
    }
    for (; x < residual.cols; ++x) ++parts[0][row[x]];
  }
  std::array<int, 256> histogram{};
  for (const auto& part : parts)
    std::transform(part.begin(), part.end(), histogram.begin(), histogram.begin(), std::plus<>());
  double top = 0;
  cv::minMaxLoc(residual, nullptr, &top);
  PictureFigures out;
  out.top = float(top);
  double left = 0.01 * residual.cols * ((residual.rows + 1) / 2);
  int level = 255;
  while (level > 0 && (left -= histogram[std::size_t(level)]) > 0) --level;
  out.most = float(level);
  return out;
}

Features features_of(const cv::Mat& picture, const cv::Mat& residual, const Peak& peak, const PictureFigures& whole) {
  const double u = peak.value, here = picture.at<uchar>(peak.at);
  const Ring far = ring(residual, peak.at, 20, 5), near = ring(residual, peak.at, 10, 3);
  const Ring scene = ring(picture, peak.at, 20, 5), close = ring(picture, peak.at, 8, 4);
  const Sectors sectors = sectors_around(picture, peak.at);
  const double middle = mean_around(picture, peak.at, 1), half = here - u / 2;
  const double wide[] = {extent(picture, peak.at, {1, 0}, half), extent(picture, peak.at, {1, 1}, half),
                         extent(picture, peak.at, {0, 1}, half), extent(picture, peak.at, {1, -1}, half)};
  const auto [thin, thick] = std::minmax_element(std::begin(wide), std::end(wide));
  return {log_of((u - far.mean) / (far.sigma + 1), 0.1),
          log_of(u, 1),
          log_of(far.sigma + 1, 1),
          log_of(far.mean + 1, 1),
          log_of((u - near.mean) / (near.sigma + 1), 0.1),
          log_of((here - scene.mean) / (scene.sigma + 2), 0.05),
          log_of(scene.sigma + 1, 1),
          log_of((here - close.mean) / (close.sigma + 2), 0.05),
          log_of((mean_around(residual, peak.at, 1) + 1) / (u + 1), 0.01),
          log_of((mean_around(residual, peak.at, 3) + 1) / (u + 1), 0.01),
          log_of((mean_around(residual, peak.at, 5) + 1) / (u + 1), 0.01),
          log_of((u + 1) / (rival(residual, peak.at, 20, 5) + 1), 0.01),
          log_of((u + 1) / (whole.top + 1.0), 0.001),
          log_of(u / (whole.most + 1.0), 0.01),
          log_of(whole.most + 1.0, 1),
          log_of(*thin, 1),
          log_of(*thick, 1),
          log_of(*thick / *thin, 1),
          log_of(middle - sectors.greatest, 0.3),
          log_of(middle - sectors.mean, 0.3),
          log_of(sectors.greatest - sectors.least + 1, 1),
          log_of((middle - sectors.greatest + 20) / (sectors.sigma + 5), 0.05)};
}

cv::Rect half_height_box(const cv::Mat& picture, const cv::Mat& residual, cv::Point peak) {
  constexpr int kReach = 12;
  const cv::Rect where = square(peak, kReach) & cv::Rect({0, 0}, picture.size());
  const double level = picture.at<uchar>(peak) - residual.at<uchar>(peak) / 2.0;
  cv::Mat seen = cv::Mat::zeros(where.size(), CV_8UC1);
  std::vector<cv::Point> todo{peak - where.tl()};
  seen.at<uchar>(todo[0]) = 1;
  cv::Rect box(todo[0], cv::Size(1, 1));
  const cv::Rect inside({0, 0}, where.size());
  while (!todo.empty()) {
    const cv::Point p = todo.back();
    todo.pop_back();
    box |= cv::Rect(p, cv::Size(1, 1));
    for (const cv::Point step : {cv::Point(1, 0), cv::Point(-1, 0), cv::Point(0, 1), cv::Point(0, -1)}) {
      const cv::Point next = p + step;
      if (!inside.contains(next) || seen.at<uchar>(next) || picture.at<uchar>(next + where.tl()) < level) continue;
      seen.at<uchar>(next) = 1;
      todo.push_back(next);
    }
  }
  return box + where.tl();
}

}  // namespace lynceus::targets

// Closed contours inside the pipe: damage that the temperatures alone do not show.
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/pipes/seed.h"
#include "plugins/pipes/shapes.h"

namespace lynceus::pipes::seed {
namespace {

constexpr int kBins = 256;
constexpr double kLowToHigh = 0.4;
constexpr int kReach = 16;  // what filters and closings look at beyond the pipe

/// Otsu's level over a histogram: the upper edge of the lower class's last bin.
double otsu_bin(const std::array<int, kBins>& histogram) {
  double total = 0, sum = 0;
  for (int i = 0; i < kBins; ++i) {
    const auto count = static_cast<double>(histogram[static_cast<std::size_t>(i)]);
    total += count;
    sum += i * count;
  }
  double below = 0, sum_below = 0, best = -1;
  int level = 0;
  for (int i = 0; i < kBins; ++i) {
    const auto count = static_cast<double>(histogram[static_cast<std::size_t>(i)]);
    below += count;
    sum_below += i * count;
    if (below == 0 || below == total) continue;
    const double gap = sum_below / below - (sum - sum_below) / (total - below);
    const double between = below * (total - below) * gap * gap;
    if (between > best) {
      best = between;
      level = i;
    }
  }
  return level + 1;
}

/// The threshold comes from the pixels that have a gradient at all: the black background's zeros would pull it into
/// the noise.
double edge_level(const cv::Mat& dx, const cv::Mat& dy) {
  const auto length = [&](int y, int x) {
    const double a = dx.at<short>(y, x), b = dy.at<short>(y, x);
    return std::sqrt(a * a + b * b);
  };
  double greatest = 0;
  for (int y = 0; y < dx.rows; ++y) {
    for (int x = 0; x < dx.cols; ++x) greatest = std::max(greatest, length(y, x));
  }
  if (greatest == 0) return 0;
  std::array<int, kBins> histogram{};
  for (int y = 0; y < dx.rows; ++y) {
    for (int x = 0; x < dx.cols; ++x) {
      const double g = length(y, x);
      if (g > 0) ++histogram[static_cast<std::size_t>(std::min(kBins - 1.0, g * kBins / greatest))];
    }
  }
  return otsu_bin(histogram) * greatest / kBins;
}

cv::Mat edges_of(const cv::Mat& plane) {
  cv::Mat smooth, dx, dy, edges;
  cv::GaussianBlur(plane, smooth, {9, 9}, 1.4);
  cv::Sobel(smooth, dx, CV_16S, 1, 0);
  cv::Sobel(smooth, dy, CV_16S, 0, 1);
  const double high = edge_level(dx, dy);
  if (high == 0) return cv::Mat::zeros(plane.size(), CV_8U);
  cv::Canny(dx, dy, edges, kLowToHigh * high, high, true);
  return edges;
}

Defect measure(const cv::Mat& celsius, const cv::Mat& part, const cv::Rect& box, int area) {
  Defect defect;
  defect.box = box;
  defect.area_px = area;
  cv::minMaxLoc(celsius(box), nullptr, &defect.max_celsius, nullptr, nullptr, part);
  return defect;
}

void list_parts(const cv::Mat& region, const cv::Mat& celsius, cv::Point at, DefectResult& out) {
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(region, labels, stats, centres, 8, CV_32S);
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    const int area = stats.at<int>(i, cv::CC_STAT_AREA);
    Defect part = measure(celsius, labels(box) == i, box, area);
    out.max_celsius = out.parts.empty() ? part.max_celsius : std::max(out.max_celsius, part.max_celsius);
    out.area_px += area;
    part.box += at;
    out.parts.push_back(part);
  }
}

}  // namespace

cv::Mat closed_regions(const cv::Mat& k, const Params& params) {
  const cv::Mat joined = close_square(k, params.join_px);
  cv::Mat region;
  cv::bitwise_and(fill_holes(joined), params.subtract_k ? ~k : ~joined, region);
  return region;
}

DefectResult judge_defects(const cv::Mat& pipe, const cv::Mat& blue, const cv::Mat& celsius, double top_celsius,
                           const Params& params) {
  const cv::Rect reach = grown(cv::boundingRect(pipe), kReach + params.contour_px + params.join_px, pipe.size());
  const cv::Mat inside = pipe(reach).clone();
  cv::Mat target, contour, k;
  blue(reach).copyTo(target, inside);
  cv::subtract(inside, erode_square(inside, 3), contour);
  cv::bitwise_and(edges_of(target), ~dilate_square(contour, params.contour_px), k);
  DefectResult out;
  list_parts(closed_regions(k, params) & inside, celsius(reach), reach.tl(), out);
  out.abnormal = out.area_px > params.least_defect_px && top_celsius - out.max_celsius < params.q_kelvin;
  return out;
}

}  // namespace lynceus::pipes::seed

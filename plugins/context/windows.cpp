#include "plugins/context/windows.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "plugins/context/axis_plan.h"

namespace lynceus::context {
namespace {

constexpr double kWorthWhole = 0.75;  // of the picture in windows, and one for all is quicker
constexpr std::size_t kMostWindows = 24;

struct Span {
  int begin = 0, end = 0;
  Ends ends = Ends::even;
};

/// Grown to an even, quick length; a side near the border lies on it.
Span fitted(int begin, int end, int length, int margin) {
  const bool low = begin <= margin, high = end >= length - margin;
  if (low && high) return {0, length, Ends::even};
  begin = low ? 0 : begin / 2 * 2;
  const int wanted = quick_length(high ? length - begin : end - begin, true);
  if (wanted + 2 >= length) return {0, length, Ends::even};
  if (high) {
    begin = length - wanted;
    // Chroma has half the size: places must be even, which an odd picture's end does not allow.
    if (begin % 2 != 0) return {0, length, Ends::even};
    return {begin, length, Ends::odd_even};
  }
  end = begin + wanted;
  if (end > length) begin = (length - wanted) / 2 * 2, end = begin + wanted;
  return {begin, end, low ? Ends::even_odd : Ends::odd};
}

Window window_of(const cv::Rect& thing, cv::Size picture, int margin) {
  const cv::Rect around(thing.x - margin, thing.y - margin, thing.width + 2 * margin, thing.height + 2 * margin);
  const Span x = fitted(around.x, around.br().x, picture.width, margin / 2);
  const Span y = fitted(around.y, around.br().y, picture.height, margin / 2);
  return {cv::Rect(x.begin, y.begin, x.end - x.begin, y.end - y.begin), x.ends, y.ends};
}

cv::Rect in_picture(const cv::Mat& stats, int i, const cv::Mat& importance, cv::Size picture) {
  const double sx = double(picture.width) / importance.cols, sy = double(picture.height) / importance.rows;
  // One pixel more on each side: the importance is interpolated.
  const cv::Point2d upper((stats.at<int>(i, cv::CC_STAT_LEFT) - 1) * sx, (stats.at<int>(i, cv::CC_STAT_TOP) - 1) * sy);
  const cv::Size2d size((stats.at<int>(i, cv::CC_STAT_WIDTH) + 2) * sx,
                        (stats.at<int>(i, cv::CC_STAT_HEIGHT) + 2) * sy);
  return cv::Rect(cv::Point(cvFloor(upper.x), cvFloor(upper.y)),
                  cv::Point(cvCeil(upper.x + size.width), cvCeil(upper.y + size.height))) &
         cv::Rect({0, 0}, picture);
}

/// Things whose windows overlap share one.
bool merge_once(std::vector<cv::Rect>& things, std::vector<Window>& windows, cv::Size picture, int margin) {
  for (std::size_t i = 0; i < things.size(); ++i) {
    for (std::size_t j = i + 1; j < things.size(); ++j) {
      if ((windows[i].rect & windows[j].rect).empty()) continue;
      things[i] |= things[j];
      windows[i] = window_of(things[i], picture, margin);
      things.erase(things.begin() + std::ptrdiff_t(j));
      windows.erase(windows.begin() + std::ptrdiff_t(j));
      return true;
    }
  }
  return false;
}

}  // namespace

Window whole_picture(cv::Size size) { return {cv::Rect({0, 0}, size), Ends::even, Ends::even}; }

std::vector<Window> windows_around(const cv::Mat& importance, cv::Size picture, int margin) {
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(importance, labels, stats, centres, 8, CV_32S);
  if (std::size_t(count) > 16 * kMostWindows) return {whole_picture(picture)};
  std::vector<cv::Rect> things;
  std::vector<Window> windows;
  for (int i = 1; i < count; ++i) {
    things.push_back(in_picture(stats, i, importance, picture));
    windows.push_back(window_of(things.back(), picture, margin));
  }
  while (merge_once(things, windows, picture, margin)) {
  }
  double area = 0;
  for (const Window& window : windows) area += window.rect.area();
  if (area > kWorthWhole * picture.area() || windows.size() > kMostWindows) return {whole_picture(picture)};
  return windows;
}

}  // namespace lynceus::context

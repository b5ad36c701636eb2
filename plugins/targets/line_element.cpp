#include "plugins/targets/line_element.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lynceus::targets {

std::vector<cv::Point> line_element(int direction, int directions, int length) {
  const double angle = std::numbers::pi * direction / directions;
  std::vector<cv::Point> points;
  for (int i = -(length / 2); i <= length / 2; ++i) {
    const cv::Point point(int(std::lround(i * std::cos(angle))), -int(std::lround(i * std::sin(angle))));
    if (std::find(points.begin(), points.end(), point) == points.end()) points.push_back(point);
  }
  return points;
}

cv::Mat line_mask(int direction, int directions, int length) {
  const auto points = line_element(direction, directions, length);
  cv::Point reach;
  for (const cv::Point& p : points) reach = {std::max(reach.x, std::abs(p.x)), std::max(reach.y, std::abs(p.y))};
  cv::Mat mask = cv::Mat::zeros(2 * reach.y + 1, 2 * reach.x + 1, CV_8UC1);
  for (const cv::Point& p : points) mask.at<uchar>(p + reach) = 1;
  return mask;
}

}  // namespace lynceus::targets

#include "plugins/health/grid.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace lynceus::health {
namespace {

constexpr int kRows = 90;

int pixel(double share, int extent) { return cvRound(std::clamp(share, -1.0, 2.0) * extent); }

void append_runs(std::vector<Run>& runs, const cv::Mat& mask, int row) {
  const auto* ignored = mask.ptr<uchar>(row);
  int x = 0;
  while (x < mask.cols) {
    while (x < mask.cols && ignored[x] != 0) ++x;
    const int begin = x;
    while (x < mask.cols && ignored[x] == 0) ++x;
    if (x > begin) runs.push_back({row, begin, x});
  }
}

}  // namespace

cv::Mat polygon_mask(const std::vector<sdk::Polygon>& polygons, cv::Size size) {
  cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
  std::vector<std::vector<cv::Point>> shapes;
  for (const sdk::Polygon& polygon : polygons) {
    if (polygon.size() < 3) continue;
    auto& shape = shapes.emplace_back();
    for (const cv::Point2d& p : polygon) shape.emplace_back(pixel(p.x, size.width), pixel(p.y, size.height));
  }
  if (!shapes.empty()) cv::fillPoly(mask, shapes, cv::Scalar(255));
  return mask;
}

std::vector<Run> grid_runs(const std::vector<sdk::Polygon>& ignored, cv::Size size) {
  const cv::Mat mask = polygon_mask(ignored, size);
  const int step = std::max(1, size.height / kRows);
  std::vector<Run> runs;
  for (int row = step / 2; row < size.height; row += step) append_runs(runs, mask, row);
  return runs;
}

}  // namespace lynceus::health

#include "plugins/pipes/chamfer.h"

#include <algorithm>
#include <cstdint>

namespace lynceus::pipes {
namespace {

constexpr int kStraight = 86, kDiagonal = 123;  // 0.955 and 1.369 pixels: the least error of this kind

std::int16_t least(int a, int b) { return static_cast<std::int16_t>(std::min(a, b)); }

/// The shortest way over one of the three neighbours in the row before; rows have a border of one pixel.
std::int16_t over(const std::int16_t* row, int x) {
  const std::int16_t beside = least(row[x - 1], row[x + 1]);
  const std::int16_t way =
      least(static_cast<std::int16_t>(beside + kDiagonal), static_cast<std::int16_t>(row[x] + kStraight));
  return least(way, kChamferMost);
}

void down(const uchar* mask, const std::int16_t* above, std::int16_t* row, int cols) {
  for (int x = 0; x < cols; ++x) row[x] = mask[x] != 0 ? over(above, x) : std::int16_t{0};
  int last = kChamferMost;
  for (int x = 0; x < cols; ++x) row[x] = static_cast<std::int16_t>(last = std::min<int>(row[x], last + kStraight));
}

void up(const std::int16_t* below, std::int16_t* row, int cols) {
  for (int x = 0; x < cols; ++x) row[x] = least(row[x], over(below, x));
  int last = kChamferMost;
  for (int x = cols - 1; x >= 0; --x)
    row[x] = static_cast<std::int16_t>(last = std::min<int>(row[x], last + kStraight));
}

}  // namespace

cv::Mat chamfer(const cv::Mat& mask) {
  CV_Assert(mask.type() == CV_8UC1);
  cv::Mat all(mask.rows + 2, mask.cols + 2, CV_16S, cv::Scalar(kChamferMost));
  const auto row = [&](int y) { return all.ptr<std::int16_t>(y + 1) + 1; };
  for (int y = 0; y < mask.rows; ++y) down(mask.ptr<uchar>(y), row(y - 1), row(y), mask.cols);
  for (int y = mask.rows - 1; y >= 0; --y) up(row(y + 1), row(y), mask.cols);
  return all(cv::Rect(1, 1, mask.cols, mask.rows));
}

}  // namespace lynceus::pipes

#include "plugins/pipes/overlay_mask.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "plugins/pipes/shapes.h"

namespace lynceus::pipes {
namespace {

constexpr int kStroke = 5;   // strokes are thinner, at 480 lines
constexpr int kStands = 70;  // levels by which a stroke stands out from what is around it
constexpr int kWhite = 190, kBlack = 60;

void cover(const uchar* grey, const uchar* opened, const uchar* closed, const uchar* known, uchar* out, int cols) {
  for (int x = 0; x < cols; ++x) {
    const int g = grey[x];
    const bool white = (g - opened[x] > kStands) & (g > kWhite), black = (closed[x] - g > kStands) & (g < kBlack);
    out[x] = (white | black | (known[x] == 0)) ? 255 : 0;
  }
}

}  // namespace

cv::Mat overlay_mask(const cv::Mat& bgr, const cv::Mat& known) {
  // White ink has all channels high, black ink all low; a thermal picture has no strokes that stand out so far in the
  // weakest (strongest) of them.
  const int side = std::max(3, kStroke * std::min(bgr.rows, bgr.cols) / 480) | 1;
  const cv::Mat square = cv::Mat::ones(side, side, CV_8U);
  cv::Mat grey, opened, closed;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  cv::morphologyEx(grey, opened, cv::MORPH_OPEN, square);
  cv::morphologyEx(grey, closed, cv::MORPH_CLOSE, square);
  cv::Mat mask(bgr.size(), CV_8U);
  for (int y = 0; y < bgr.rows; ++y) {
    cover(grey.ptr<uchar>(y), opened.ptr<uchar>(y), closed.ptr<uchar>(y), known.ptr<uchar>(y), mask.ptr<uchar>(y),
          bgr.cols);
  }
  cv::dilate(mask, mask, cv::Mat::ones(3, 3, CV_8U));
  return mask;
}

cv::Rect grown_bar(const ScaleState& scale, cv::Size size) { return grown(scale.bar, 2, size); }

}  // namespace lynceus::pipes

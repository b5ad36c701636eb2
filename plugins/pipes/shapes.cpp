#include "plugins/pipes/shapes.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace lynceus::pipes {
namespace {

cv::Mat square(int side) { return cv::Mat::ones(side, side, CV_8U); }
/// Erosion looks at −a … side−1−a around a pixel; dilation must look the other way round.
cv::Point erosion_anchor(int side) { return {side / 2, side / 2}; }
cv::Point dilation_anchor(int side) { return {(side - 1) / 2, (side - 1) / 2}; }

/// Same area: whichever of the components has a pixel first.
int first_of(const cv::Mat& labels, const cv::Mat& stats, int area) {
  for (int y = 0; y < labels.rows; ++y) {
    const auto* row = labels.ptr<int>(y);
    for (int x = 0; x < labels.cols; ++x) {
      if (row[x] > 0 && stats.at<int>(row[x], cv::CC_STAT_AREA) == area) return row[x];
    }
  }
  return 0;
}

}  // namespace

cv::Mat erode_square(const cv::Mat& mask, int side) {
  cv::Mat out;
  cv::erode(mask, out, square(side), erosion_anchor(side));
  return out;
}

cv::Mat dilate_square(const cv::Mat& mask, int side) {
  cv::Mat out;
  cv::dilate(mask, out, square(side), dilation_anchor(side));
  return out;
}

cv::Mat close_square(const cv::Mat& mask, int side) {
  cv::Mat out;
  cv::dilate(mask, out, square(side), dilation_anchor(side));
  cv::erode(out, out, square(side), erosion_anchor(side));
  return out;
}

cv::Mat open_square(const cv::Mat& mask, int side) { return dilate_square(erode_square(mask, side), side); }

Component largest_component(const cv::Mat& mask) {
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centres, 8, CV_32S);
  Component out;
  int best = 0, ties = 0;
  for (int i = 1; i < count; ++i) {
    const int area = stats.at<int>(i, cv::CC_STAT_AREA);
    if (area == out.area) ++ties;
    if (area > out.area) {
      out.area = area;
      best = i;
      ties = 0;
    }
  }
  if (best == 0) return out;
  if (ties > 0) best = first_of(labels, stats, out.area);
  out.box = {stats.at<int>(best, cv::CC_STAT_LEFT), stats.at<int>(best, cv::CC_STAT_TOP),
             stats.at<int>(best, cv::CC_STAT_WIDTH), stats.at<int>(best, cv::CC_STAT_HEIGHT)};
  out.mask = cv::Mat::zeros(mask.size(), CV_8U);
  cv::compare(labels(out.box), best, out.mask(out.box), cv::CMP_EQ);
  return out;
}

cv::Mat fill_holes(const cv::Mat& mask) {
  cv::Mat padded;
  cv::copyMakeBorder(mask, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
  constexpr int kOutside = 128;
  cv::floodFill(padded, {0, 0}, cv::Scalar(kOutside), nullptr, cv::Scalar(), cv::Scalar(), 4);
  cv::Mat filled;
  cv::compare(padded(cv::Rect({1, 1}, mask.size())), kOutside, filled, cv::CMP_NE);
  return filled;
}

cv::Rect grown(const cv::Rect& box, int margin, cv::Size size) {
  return cv::Rect(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin) &
         cv::Rect({0, 0}, size);
}

}  // namespace lynceus::pipes

// Where the pipe is, and how thick it is along its length.
#include <algorithm>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "plugins/pipes/seed.h"
#include "plugins/pipes/shapes.h"

namespace lynceus::pipes::seed {
namespace {

/// Steps 1014 to 1017, on the part of the crop that the component can reach: the same result, sooner.
cv::Mat tidy(const Component& hot, cv::Size size, const Params& params) {
  const cv::Rect reach = grown(hot.box, params.close_px + params.open_px + 2, size);
  const cv::Mat closed = close_square(hot.mask(reach).clone(), params.close_px);
  const Component pipe = largest_component(open_square(closed, params.open_px));
  cv::Mat out;
  if (pipe.area == 0) return out;
  out = cv::Mat::zeros(size, CV_8U);
  pipe.mask.copyTo(out(reach));
  return out;
}

std::vector<int> count_along(const cv::Mat& mask, bool vertical) {
  cv::Mat ones, sums;
  cv::threshold(mask, ones, 0, 1, cv::THRESH_BINARY);
  cv::reduce(ones, sums, vertical ? 1 : 0, cv::REDUCE_SUM, CV_32S);
  std::vector<int> widths(sums.total());
  for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = sums.at<int>(static_cast<int>(i));
  return widths;
}

bool spans_all_rows(const cv::Mat& pipe) {
  const cv::Rect box = cv::boundingRect(pipe);
  return box.height == pipe.rows;
}

}  // namespace

cv::Mat segment(const cv::Mat& red, const Params& params) {
  double least = 0, greatest = 0;
  cv::minMaxLoc(red, &least, &greatest);
  if (least == greatest) return {};  // one colour: nothing to tell apart
  cv::Mat hot;
  cv::threshold(red, hot, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  const Component first = largest_component(hot);
  if (first.area == 0) return {};
  const cv::Mat pipe = tidy(first, red.size(), params);
  if (pipe.empty() || cv::countNonZero(pipe) < params.least_area * static_cast<double>(red.total())) return {};
  return pipe;
}

DiameterResult judge_widths(std::span<const int> widths, const Params& params) {
  DiameterResult out;
  const auto step = static_cast<std::size_t>(std::max(params.step_columns, 1));
  if (widths.size() <= step) return out;
  for (std::size_t j = 0; j + step < widths.size(); ++j) {
    const int change = widths[j] - widths[j + step];
    const int column = static_cast<int>(j) + 1;
    if (j == 0 || change > out.d_max) out.d_max = change, out.at_max = column;
    if (j == 0 || change < out.d_min) out.d_min = change, out.at_min = column;
  }
  const bool as_much = std::abs(std::abs(out.d_max) - std::abs(out.d_min)) < params.difference_px;
  const bool widens = !params.guard || out.d_min < 0;
  out.abnormal = out.d_max > params.narrower_px && as_much && widens && out.at_max < out.at_min;
  return out;
}

DiameterResult judge_diameter(const cv::Mat& pipe, const Params& params) {
  // A vertical pipe turned counter-clockwise: rows from the top become columns, so counting by rows is the same.
  const bool vertical = spans_all_rows(pipe);
  DiameterResult out = judge_widths(count_along(pipe, vertical), params);
  out.vertical = vertical;
  return out;
}

}  // namespace lynceus::pipes::seed

#include "plugins/targets/line_filter.h"

#include <opencv2/imgproc.hpp>

#include "plugins/targets/line_element.h"

namespace lynceus::targets {

LineFilter::LineFilter(int directions, int length) {
  CV_Assert(directions > 0 && length >= 3 && length <= kMostLength && length % 2 == 1);
  for (int i = 0; i < directions; ++i) lines_.push_back(line_element(i, directions, length));
}

void LineFilter::residual(const cv::Mat& picture, cv::Mat& residual) {
  CV_Assert(picture.type() == CV_8UC1 || picture.type() == CV_16UC1);
  residual.create(picture.size(), picture.type());
  if (picture.empty()) return;
  picture.depth() == CV_8U ? pass(pass8_).run(picture, residual) : pass(pass16_).run(picture, residual);
}

cv::Mat LineFilter::background(const cv::Mat& picture) {
  cv::Mat above;
  residual(picture, above);
  return picture - above;
}

/// Made when the first picture of its depth comes.
template <class T>
LinePass<T>& LineFilter::pass(std::unique_ptr<LinePass<T>>& made) {
  if (!made) made = std::make_unique<LinePass<T>>(lines_);
  return *made;
}

cv::Mat opened(const cv::Mat& picture, cv::Size rectangle) {
  if (rectangle.area() <= 1 || picture.empty()) return picture.clone();
  const cv::Mat element = cv::Mat::ones(rectangle, CV_8UC1);
  const cv::Point there(rectangle.width / 2, rectangle.height / 2);
  const cv::Point back(rectangle.width - 1 - there.x, rectangle.height - 1 - there.y);
  cv::Mat out;
  cv::erode(picture, out, element, there);
  cv::dilate(out, out, element, back);
  return out;
}

}  // namespace lynceus::targets

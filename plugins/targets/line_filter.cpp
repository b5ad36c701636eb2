#include "plugins/targets/line_filter.h"

#include <array>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "plugins/targets/line_element.h"
#include "plugins/targets/row_kernels.h"

namespace lynceus::targets {

LineFilter::LineFilter(int directions, int length) : reach_(length / 2), rings_(std::size_t(directions)) {
  CV_Assert(directions > 0 && directions <= kMostRows && length >= 3 && length <= kMostLength && length % 2 == 1);
  for (int i = 0; i < directions; ++i) elements_.push_back(line_element(i, directions, length));
}

void LineFilter::residual(const cv::Mat& picture, cv::Mat& residual) {
  CV_Assert(picture.type() == CV_8UC1 || picture.type() == CV_16UC1);
  residual.create(picture.size(), picture.type());
  if (picture.empty()) return;
  picture.depth() == CV_8U ? run<std::uint8_t>(picture, residual) : run<std::uint16_t>(picture, residual);
}

cv::Mat LineFilter::background(const cv::Mat& picture) {
  cv::Mat above;
  residual(picture, above);
  return picture - above;
}

template <class T>
void LineFilter::run(const cv::Mat& picture, cv::Mat& residual) {
  const int width = picture.cols, rows = 2 * reach_ + 1;
  cv::copyMakeBorder(picture, padded_, reach_, reach_, reach_, reach_, cv::BORDER_CONSTANT | cv::BORDER_ISOLATED,
                     cv::Scalar::all(std::numeric_limits<T>::max()));
  for (cv::Mat& ring : rings_) {
    ring.create(rows, width + 2 * reach_, picture.type());
    ring.setTo(0);
  }
  lines_.create(int(rings_.size()), width, picture.type());
  for (int y = 0; y < picture.rows + reach_; ++y) {
    if (y < picture.rows) {
      erode_row<T>(y, width);
    } else {
      for (cv::Mat& ring : rings_) ring.row(y % rows).setTo(0);
    }
    if (y >= reach_) finish_row(picture.ptr<T>(y - reach_), y - reach_, residual.ptr<T>(y - reach_), width);
  }
}

template <class T>
void LineFilter::erode_row(int y, int width) {
  std::array<const T*, kMostRows> at;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    for (std::size_t k = 0; k < elements_[i].size(); ++k) {
      const cv::Point& p = elements_[i][k];
      at[k] = padded_.ptr<T>(y + reach_ + p.y) + reach_ + p.x;
    }
    row_kernels<T>().least(at.data(), int(elements_[i].size()), rings_[i].ptr<T>(y % rings_[i].rows) + reach_, width);
  }
}

/// A line is its own mirror image: the same points serve the dilation. Rows above the first are rows of the ring that
/// hold nothing yet.
template <class T>
void LineFilter::finish_row(const T* from, int y, T* out, int width) {
  std::array<const T*, kMostRows> at;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    const int rows = rings_[i].rows;
    for (std::size_t k = 0; k < elements_[i].size(); ++k) {
      const cv::Point& p = elements_[i][k];
      at[k] = rings_[i].ptr<T>((y + p.y + rows) % rows) + reach_ + p.x;
    }
    row_kernels<T>().greatest(at.data(), int(elements_[i].size()), lines_.ptr<T>(int(i)), width);
  }
  for (int i = 0; i < lines_.rows; ++i) at[std::size_t(i)] = lines_.ptr<T>(i);
  row_kernels<T>().above(from, at.data(), lines_.rows, out, width);
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

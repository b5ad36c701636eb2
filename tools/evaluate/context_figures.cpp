#include "tools/evaluate/context_figures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace lynceus::tools {
namespace {

constexpr double kSigma_px = 1.5;
constexpr double kHighest = 0.99;

cv::Mat square(int reach) { return cv::getStructuringElement(cv::MORPH_RECT, {2 * reach + 1, 2 * reach + 1}); }

cv::Mat luminance(const cv::Mat& bgr) {
  cv::Mat wide, y;
  bgr.convertTo(wide, CV_32F);
  cv::transform(wide, y, cv::Matx13f(0.114F, 0.587F, 0.299F));
  cv::GaussianBlur(y, y, {}, kSigma_px);
  return y;
}

/// Forward differences, 0 in the last column or row.
cv::Mat forward(const cv::Mat& y, int dx, int dy) {
  cv::Mat out = cv::Mat::zeros(y.size(), CV_32F);
  const cv::Size size(y.cols - dx, y.rows - dy);
  if (size.empty()) return out;
  cv::Mat part = out(cv::Rect({0, 0}, size));
  cv::subtract(y(cv::Rect({dx, dy}, size)), y(cv::Rect({0, 0}, size)), part);
  return out;
}

template <class Look>
void for_each(const cv::Mat& where, Look&& look) {
  for (int row = 0; row < where.rows; ++row) {
    const auto* set = where.ptr<std::uint8_t>(row);
    for (int column = 0; column < where.cols; ++column) {
      if (set[column]) look(row, column);
    }
  }
}

void correlate(Correlation& sum, const Seen& a, const Seen& b, const cv::Mat& where) {
  for_each(where, [&](int row, int column) {
    sum.add(a.dx.at<float>(row, column), b.dx.at<float>(row, column));
    sum.add(a.dy.at<float>(row, column), b.dy.at<float>(row, column));
  });
}

}  // namespace

void Correlation::add(const Correlation& o) {
  n_ += o.n_, a_ += o.a_, b_ += o.b_, aa_ += o.aa_, bb_ += o.bb_, ab_ += o.ab_;
}

double Correlation::value() const {
  const double power = (n_ * aa_ - a_ * a_) * (n_ * bb_ - b_ * b_);
  if (!(power > 0)) return std::numeric_limits<double>::quiet_NaN();
  return (n_ * ab_ - a_ * b_) / std::sqrt(power);
}

void Levels::add(double level) {
  const double step = std::clamp(level * 32, 0.0, double(counts_.size() - 1));
  ++counts_[static_cast<std::size_t>(step)];
  ++total_;
}

void Levels::add(const Levels& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  total_ += other.total_;
}

double Levels::percentile(double share) const {
  const double wanted = share * double(total_);
  double seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= wanted && seen > 0) return double(i) / 32;
  }
  return 0;
}

double Mean::value() const { return count_ > 0 ? sum_ / count_ : std::numeric_limits<double>::quiet_NaN(); }

Seen::Seen(const cv::Mat& bgr) : y(luminance(bgr)), dx(forward(y, 1, 0)), dy(forward(y, 0, 1)) {
  cv::magnitude(dx, dy, length);
  cv::erode(y, least, square(15));
  cv::dilate(y, greatest, square(15));
  cv::dilate(length, edge, square(4));
}

Regions::Regions(const cv::Mat& mask) {
  cv::Mat grown;
  cv::erode(mask, inside, square(1), {-1, -1}, 1, cv::BORDER_REPLICATE);
  cv::dilate(mask, grown, square(15));
  far = ~grown;
  cv::dilate(mask, grown, square(12));
  ring = grown & ~mask;
  cv::Mat shrunk;
  cv::dilate(mask, grown, square(8));
  cv::erode(mask, shrunk, square(8), {-1, -1}, 1, cv::BORDER_REPLICATE);
  border = grown & ~shrunk;
}

void QualityFigures::add(const Seen& result, const Seen& night, const Seen& day, const Regions& regions) {
  correlate(foreground, result, night, regions.inside);
  correlate(background, result, day, regions.far);
  cv::Mat least, greatest, edge;
  cv::min(night.least, day.least, least);
  cv::max(night.greatest, day.greatest, greatest);
  cv::max(night.edge, day.edge, edge);
  for_each(regions.ring, [&](int row, int column) {
    const float y = result.y.at<float>(row, column);
    outside_range.add(std::max({0.F, y - greatest.at<float>(row, column), least.at<float>(row, column) - y}));
  });
  for_each(regions.border, [&](int row, int column) {
    over_gradient.add(std::max(0.F, result.length.at<float>(row, column) - edge.at<float>(row, column)));
  });
}

void QualityFigures::add_flicker(const cv::Mat& y, const cv::Mat& y_before, const cv::Mat& far,
                                 const cv::Mat& far_before) {
  const cv::Mat both = far & far_before;
  cv::Mat change;
  cv::absdiff(y, y_before, change);
  const double count = cv::countNonZero(both);
  flicker.add(cv::mean(change, both)[0] * count, count);
}

void QualityFigures::add(const QualityFigures& other) {
  foreground.add(other.foreground);
  background.add(other.background);
  outside_range.add(other.outside_range);
  over_gradient.add(other.over_gradient);
  flicker.add(other.flicker);
}

double QualityFigures::halo() const {
  return std::max(outside_range.percentile(kHighest), over_gradient.percentile(kHighest));
}

}  // namespace lynceus::tools

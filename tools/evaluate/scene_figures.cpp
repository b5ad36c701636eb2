#include "tools/evaluate/scene_figures.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace lynceus::tools {
namespace {

/// All within 2 px of what is marked, by Euclid.
cv::Mat within_two(const cv::Mat& marked) {
  static const cv::Mat disc = [] {
    cv::Mat out(5, 5, CV_8U);
    for (int y = 0; y < 5; ++y) {
      for (int x = 0; x < 5; ++x) out.at<uchar>(y, x) = (x - 2) * (x - 2) + (y - 2) * (y - 2) <= 4;
    }
    return out;
  }();
  cv::Mat out;
  cv::dilate(marked, out, disc, {-1, -1}, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
  return out;
}

/// Pixels of the class with a 4-neighbour of another; the picture's edge is no neighbour.
cv::Mat border_of(const cv::Mat& labels, int of, const cv::Mat& counted) {
  static const cv::Mat cross = cv::getStructuringElement(cv::MORPH_CROSS, {3, 3});
  const cv::Mat inside = labels == of;
  cv::Mat core;
  cv::erode(inside, core, cross, {-1, -1}, 1, cv::BORDER_CONSTANT, cv::Scalar(255));
  return inside & ~core & counted;
}

double share(int part, int of) { return of > 0 ? double(part) / of : 0; }

}  // namespace

void LabelConfusion::add(const cv::Mat& truth, const cv::Mat& labels) {
  CV_Assert(truth.type() == CV_8UC1 && labels.type() == CV_8UC1 && truth.size() == labels.size());
  for (int y = 0; y < truth.rows; ++y) {
    const uchar *t = truth.ptr<uchar>(y), *l = labels.ptr<uchar>(y);
    for (int x = 0; x < truth.cols; ++x) {
      if (t[x] != kIgnoredLabel) ++at(t[x], l[x]);
    }
  }
}

void LabelConfusion::add(const LabelConfusion& other) {
  CV_Assert(other.classes_ == classes_);
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::int64_t LabelConfusion::pixels(int truth) const {
  std::int64_t sum = 0;
  for (int j = 0; j < classes_; ++j) sum += at(truth, j);
  return sum;
}

std::int64_t LabelConfusion::all() const {
  std::int64_t sum = 0;
  for (const std::int64_t n : counts_) sum += n;
  return sum;
}

std::optional<double> LabelConfusion::accuracy(int of) const {
  const std::int64_t true_ones = pixels(of);
  if (true_ones == 0) return std::nullopt;
  return double(at(of, of)) / double(true_ones);
}

std::optional<double> LabelConfusion::iu(int of) const {
  std::int64_t together = pixels(of) - at(of, of);
  for (int i = 0; i < classes_; ++i) together += at(i, of);
  if (together == 0) return std::nullopt;
  return double(at(of, of)) / double(together);
}

double LabelConfusion::pixel_acc() const {
  std::int64_t right = 0;
  for (int i = 0; i < classes_; ++i) right += at(i, i);
  return all() > 0 ? double(right) / double(all()) : 0;
}

double LabelConfusion::mean_acc() const {
  double sum = 0;
  int n = 0;
  for (int i = 0; i < classes_; ++i) {
    if (const auto one = accuracy(i)) sum += *one, ++n;
  }
  return n > 0 ? sum / n : 0;
}

double LabelConfusion::mean_iu() const {
  double sum = 0;
  int n = 0;
  for (int i = 0; i < classes_; ++i) {
    if (const auto one = iu(i)) sum += *one, ++n;
  }
  return n > 0 ? sum / n : 0;
}

double LabelConfusion::fw_iu() const {
  double sum = 0;
  for (int i = 0; i < classes_; ++i) sum += double(pixels(i)) * iu(i).value_or(0);
  return all() > 0 ? sum / double(all()) : 0;
}

std::optional<double> boundary_f1(const cv::Mat& truth, const cv::Mat& labels, int classes) {
  const cv::Mat counted = ~within_two(truth == kIgnoredLabel);
  double sum = 0;
  int n = 0;
  for (int i = 0; i < classes; ++i) {
    const cv::Mat theirs = border_of(truth, i, counted), ours = border_of(labels, i, counted);
    const int of_theirs = cv::countNonZero(theirs), of_ours = cv::countNonZero(ours);
    if (of_theirs + of_ours == 0) continue;
    ++n;
    const double precision = share(cv::countNonZero(ours & within_two(theirs)), of_ours);
    const double recall = share(cv::countNonZero(theirs & within_two(ours)), of_theirs);
    if (precision + recall > 0) sum += 2 * precision * recall / (precision + recall);
  }
  if (n == 0) return std::nullopt;
  return sum / n;
}

}  // namespace lynceus::tools

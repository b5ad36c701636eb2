#include "plugins/pipes/shrink.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace lynceus::pipes {
namespace {

/// What share of an old row or column goes into which new one.
struct Share {
  int from = 0, to = 0;
  float weight = 0;
};

std::vector<Share> shares_of(int old_size, int new_size) {
  const double scale = double(old_size) / new_size;
  std::vector<Share> out;
  for (int to = 0; to < new_size; ++to) {
    const double first = to * scale, last = std::min<double>(old_size, (to + 1) * scale);
    for (int from = static_cast<int>(first); from < old_size; ++from) {
      const double part = std::min<double>(from + 1, last) - std::max<double>(from, first);
      if (part <= 1e-6) break;
      out.push_back({from, to, static_cast<float>(part / scale)});
    }
  }
  return out;
}

/// Sums over rows, and the weight in them that is known.
struct Sums {
  explicit Sums(int columns) : values(static_cast<std::size_t>(columns)), weights(static_cast<std::size_t>(columns)) {}

  void clear() {
    std::fill(values.begin(), values.end(), 0.0F);
    std::fill(weights.begin(), weights.end(), 0.0F);
  }
  void add(const float* celsius, const uchar* known, float weight) {
    float *value = values.data(), *sum = weights.data();
    const std::size_t n = values.size();
    for (std::size_t x = 0; x < n; ++x) {
      const float counted = known[x] != 0 ? weight : 0.0F;
      value[x] += counted * celsius[x];
      sum[x] += counted;
    }
  }

  std::vector<float> values, weights;
};

}  // namespace

void shrink(const cv::Mat& celsius, const cv::Mat& known, double factor, cv::Mat& small, cv::Mat& small_known) {
  const cv::Size size(std::max(1, cvRound(celsius.cols * factor)), std::max(1, cvRound(celsius.rows * factor)));
  if (cv::countNonZero(known) == static_cast<int>(known.total())) {
    cv::Mat out;
    cv::resize(celsius, out, size, 0, 0, cv::INTER_AREA);
    small = out;
    small_known = cv::Mat(size, CV_8U, cv::Scalar(255));
    return;
  }
  const std::vector<Share> rows = shares_of(celsius.rows, size.height), columns = shares_of(celsius.cols, size.width);
  cv::Mat values(size, CV_32F), shares(size, CV_8U);
  Sums sums(celsius.cols);
  std::vector<float> value(static_cast<std::size_t>(size.width)), weight(value.size());
  for (std::size_t i = 0; i < rows.size();) {
    const int y = rows[i].to;
    sums.clear();
    for (; i < rows.size() && rows[i].to == y; ++i) {
      sums.add(celsius.ptr<float>(rows[i].from), known.ptr<uchar>(rows[i].from), rows[i].weight);
    }
    for (std::size_t k = 0; k < columns.size();) {
      const auto x = static_cast<std::size_t>(columns[k].to);
      float value_sum = 0, weight_sum = 0;
      for (; k < columns.size() && static_cast<std::size_t>(columns[k].to) == x; ++k) {
        value_sum += columns[k].weight * sums.values[static_cast<std::size_t>(columns[k].from)];
        weight_sum += columns[k].weight * sums.weights[static_cast<std::size_t>(columns[k].from)];
      }
      value[x] = value_sum;
      weight[x] = weight_sum;
    }
    auto* out = values.ptr<float>(y);
    auto* out_known = shares.ptr<uchar>(y);
    for (std::size_t x = 0; x < value.size(); ++x) {
      out[x] = value[x] / std::max(weight[x], 1e-3F);
      out_known[x] = static_cast<uchar>(std::min(255.0F, weight[x] * 255 + 0.5F));
    }
  }
  small = values;
  small_known = shares;
}

}  // namespace lynceus::pipes

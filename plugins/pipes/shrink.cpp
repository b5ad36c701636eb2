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
      if (from >= last) break;
      if (part <= 1e-6) continue;
      out.push_back({from, to, static_cast<float>(part / scale)});
    }
  }
  return out;
}

/// The same for columns, as so many weights for each new one: a loop that never varies is the fastest.
struct Taps {
  Taps(int old_size, int new_size) : first(static_cast<std::size_t>(new_size), -1) {
    const std::vector<Share> shares = shares_of(old_size, new_size);
    std::vector<std::size_t> used(first.size(), 0);
    for (const Share& share : shares) count = std::max(count, ++used[static_cast<std::size_t>(share.to)]);
    weights.assign(first.size() * count, 0.0F);
    std::fill(used.begin(), used.end(), 0);
    for (const Share& share : shares) {
      const auto to = static_cast<std::size_t>(share.to);
      if (first[to] < 0) first[to] = share.from;
      weights[to * count + used[to]++] = share.weight;
    }
  }

  std::size_t count = 0;
  std::vector<int> first;
  std::vector<float> weights;
};

/// Sums over rows, and the weight in them that is known.
struct Sums {
  /// Some more than there are columns: the last taps weigh nothing, but are read.
  Sums(int columns, std::size_t taps)
      : n(static_cast<std::size_t>(columns)), values(n + taps, 0.0F), weights(n + taps, 0.0F) {}

  void clear() {
    std::fill(values.begin(), values.end(), 0.0F);
    std::fill(weights.begin(), weights.end(), 0.0F);
  }
  void add(const float* celsius, const uchar* known, float weight) {
    float *value = values.data(), *sum = weights.data();
    for (std::size_t x = 0; x < n; ++x) {
      const float counted = known[x] != 0 ? weight : 0.0F;
      value[x] += counted * celsius[x];
      sum[x] += counted;
    }
  }

  std::size_t n;
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
  const std::vector<Share> rows = shares_of(celsius.rows, size.height);
  const Taps columns(celsius.cols, size.width);
  cv::Mat values(size, CV_32F), shares(size, CV_8U);
  Sums sums(celsius.cols, columns.count);
  for (std::size_t i = 0; i < rows.size();) {
    const int y = rows[i].to;
    sums.clear();
    for (; i < rows.size() && rows[i].to == y; ++i) {
      sums.add(celsius.ptr<float>(rows[i].from), known.ptr<uchar>(rows[i].from), rows[i].weight);
    }
    auto* out = values.ptr<float>(y);
    auto* out_known = shares.ptr<uchar>(y);
    for (std::size_t x = 0; x < columns.first.size(); ++x) {
      const auto first = static_cast<std::size_t>(columns.first[x]);
      float value = 0, weight = 0;
      for (std::size_t k = 0; k < columns.count; ++k) {
        value += columns.weights[x * columns.count + k] * sums.values[first + k];
        weight += columns.weights[x * columns.count + k] * sums.weights[first + k];
      }
      out[x] = value / std::max(weight, 1e-3F);
      out_known[x] = static_cast<uchar>(std::min(255.0F, weight * 255 + 0.5F));
    }
  }
  small = values;
  small_known = shares;
}

}  // namespace lynceus::pipes

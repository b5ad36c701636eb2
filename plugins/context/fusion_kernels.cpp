#include "plugins/context/fusion_kernels.h"

#include <algorithm>
#include <mutex>
#include <opencv2/core/utility.hpp>

namespace lynceus::context {
namespace {

template <class Row>
void for_rows(int rows, const Row& row) {
  const auto some = [&](const cv::Range& range) {
    for (int y = range.start; y < range.end; ++y) row(y);
  };
  constexpr int kWorthThreads = 200;
  if (rows < kWorthThreads) return some({0, rows});
  cv::parallel_for_({0, rows}, some, cv::getNumThreads());
}

void subtract_row(const std::uint8_t* night, const std::uint8_t* day, int count, float* luma, float* blue, float* red) {
  for (int x = 0; x < count; ++x) {
    const auto b = float(night[3 * x] - day[3 * x]), g = float(night[3 * x + 1] - day[3 * x + 1]),
               r = float(night[3 * x + 2] - day[3 * x + 2]);
    const float y = kBlue * b + kGreen * g + kRed * r;
    luma[x] = y;
    blue[x] = b - y;
    red[x] = r - y;
  }
}

/// What flows in from the left and out to the right.
void flow_along(const float* m, const float* w, int count, float* out) {
  float before = 0;
  for (int x = 0; x + 1 < count; ++x) {
    const float flow = w[x] * (m[x + 1] - m[x]);
    out[x] = flow - before;
    before = flow;
  }
  out[count - 1] = -before;
}

void flow_down(const float* m, const float* below, const float* w, int count, float* out) {
  for (int x = 0; x < count; ++x) out[x] += w[x] * (below[x] - m[x]);
}

void flow_from_above(const float* above, const float* m, const float* w_above, int count, float* out) {
  for (int x = 0; x < count; ++x) out[x] -= w_above[x] * (m[x] - above[x]);
}

void pull(const float* m, const float* w, const float* past, int count, float screen, float temporal, float* out) {
  for (int x = 0; x < count; ++x) out[x] -= screen * w[x] * m[x] + temporal * past[x];
}

void pull(const float* m, const float* w, int count, float screen, float* out) {
  for (int x = 0; x < count; ++x) out[x] -= screen * w[x] * m[x];
}

std::uint8_t rounded(float value) { return static_cast<std::uint8_t>(std::min(std::max(value, 0.F), 255.F) + 0.5F); }

void add_row(const std::uint8_t* day, const float* v, const float* blue, const float* red, int count, std::uint8_t* out) {
  for (int x = 0; x < count; ++x) {
    const float b = v[x] + blue[x], r = v[x] + red[x];
    const float g = v[x] - (kBlue * blue[x] + kRed * red[x]) * (1 / kGreen);
    out[3 * x] = rounded(float(day[3 * x]) + b);
    out[3 * x + 1] = rounded(float(day[3 * x + 1]) + g);
    out[3 * x + 2] = rounded(float(day[3 * x + 2]) + r);
  }
}

struct RowSums {
  double off = 0, all = 0;
};

RowSums residual_of(const float* v, const float* m, const float* w, const float* day, int count, std::ptrdiff_t step_v,
                    std::ptrdiff_t step_m, std::ptrdiff_t step_day) {
  float off = 0, all = 0;
  for (int x = 0; x < count; ++x) {
    const float wanted = w[x] * (m[x + step_m] - m[x]);
    const float is = v[x + step_v] - v[x] - wanted, whole = day[x + step_day] - day[x] + wanted;
    off += is * is;
    all += whole * whole;
  }
  return {off, all};
}

std::ptrdiff_t step_of(const cv::Mat& plane) { return static_cast<std::ptrdiff_t>(plane.step1()); }

}  // namespace

void subtract_pictures(const cv::Mat& night, const cv::Mat& day, cv::Mat& luma, cv::Mat& blue, cv::Mat& red) {
  luma.create(night.size(), CV_32F);
  blue.create(night.size(), CV_32F);
  red.create(night.size(), CV_32F);
  for_rows(night.rows, [&](int y) {
    subtract_row(night.ptr(y), day.ptr(y), night.cols, luma.ptr<float>(y), blue.ptr<float>(y), red.ptr<float>(y));
  });
}

cv::Mat luma_of(const cv::Mat& bgr) {
  cv::Mat wide, luma;
  bgr.convertTo(wide, CV_32F);
  cv::transform(wide, luma, cv::Matx13f(kBlue, kGreen, kRed));
  return luma;
}

void right_side(const cv::Mat& m, const cv::Mat& w, double screen, double temporal, const cv::Mat& past, cv::Mat& out) {
  for_rows(m.rows, [&](int y) {
    auto* to = out.ptr<float>(y);
    const auto* here = m.ptr<float>(y);
    flow_along(here, w.ptr<float>(y), m.cols, to);
    if (y + 1 < m.rows) flow_down(here, m.ptr<float>(y + 1), w.ptr<float>(y), m.cols, to);
    if (y > 0) flow_from_above(m.ptr<float>(y - 1), here, w.ptr<float>(y - 1), m.cols, to);
    if (past.empty()) {
      pull(here, w.ptr<float>(y), m.cols, float(screen), to);
    } else {
      pull(here, w.ptr<float>(y), past.ptr<float>(y), m.cols, float(screen), float(temporal), to);
    }
  });
}

void add_solution(const cv::Mat& day, const cv::Mat& v, const cv::Mat& blue, const cv::Mat& red, cv::Mat& result) {
  for_rows(day.rows, [&](int y) {
    add_row(day.ptr(y), v.ptr<float>(y), blue.ptr<float>(y), red.ptr<float>(y), day.cols, result.ptr(y));
  });
}

void sum_residual(const cv::Mat& v, const cv::Mat& m, const cv::Mat& w, const cv::Mat& day, double& off, double& all) {
  for (int y = 0; y < v.rows; ++y) {
    const auto *a = v.ptr<float>(y), *b = m.ptr<float>(y), *c = w.ptr<float>(y), *d = day.ptr<float>(y);
    const RowSums along = residual_of(a, b, c, d, v.cols - 1, 1, 1, 1);
    const RowSums down = y + 1 < v.rows ? residual_of(a, b, c, d, v.cols, step_of(v), step_of(m), step_of(day)) : RowSums{};
    off += along.off + down.off;
    all += along.all + down.all;
  }
}

}  // namespace lynceus::context

#include "plugins/context/fusion_kernels.h"

#include <algorithm>
#include <cstddef>
#include <opencv2/core/utility.hpp>
#include <vector>

#include "plugins/context/fusion_rows.h"
#include "plugins/context/strip_tables.h"

namespace lynceus::context {
namespace {

/// `make()` gives what one thread works with, `row(own, y)` does a row.
template <class Make, class Row>
void for_rows(int rows, const Make& make, const Row& row) {
  const auto some = [&](const cv::Range& range) {
    auto own = make();
    for (int y = range.start; y < range.end; ++y) row(own, y);
  };
  constexpr int kWorthThreads = 150;
  if (rows < kWorthThreads) return some({0, rows});
  cv::parallel_for_({0, rows}, some, cv::getNumThreads());
}

struct Nothing {};

bool halved(const cv::Mat& colour, const cv::Mat& full) { return colour.size() != full.size(); }

/// Two rows of both colour differences at full size.
struct ColourRows {
  explicit ColourRows(int width) : blue{std::vector<float>(std::size_t(width)), {}}, red(blue) {
    blue[1] = blue[0], red[1] = red[0];
  }
  std::array<std::vector<float>, 2> blue, red;
};

/// A row of a colour, enlarged where it has half the size.
class FullRow {
 public:
  FullRow(const cv::Mat& plane, cv::Size full) : plane_(plane), half_(plane.size() != full) {
    if (half_) between_.resize(std::size_t(plane.cols)), full_.resize(2 * std::size_t(plane.cols));
  }
  const float* at(int y) {
    if (!half_) return plane_.ptr<float>(y);
    const int near = y / 2, other = std::clamp(y % 2 == 0 ? near - 1 : near + 1, 0, plane_.rows - 1);
    fusion_rows().enlarge(plane_.ptr<float>(near), plane_.ptr<float>(other), plane_.cols, between_.data(),
                          full_.data());
    return full_.data();
  }

 private:
  const cv::Mat& plane_;
  const bool half_;
  std::vector<float> between_, full_;
};

struct ColourPair {
  FullRow blue, red;
};

}  // namespace

const FusionRows& fusion_rows() {
  static const bool wide = has_avx2();
  return wide ? kAvx2Rows : kBaseRows;
}

cv::Mat luma_of(const cv::Mat& bgr) {
  cv::Mat wide, luma;
  bgr.convertTo(wide, CV_32F);
  cv::transform(wide, luma, cv::Matx13f(0.114F, 0.587F, 0.299F));
  return luma;
}

void subtract_pictures(const cv::Mat& night, const cv::Mat& day, std::array<cv::Mat, 3>& m) {
  const FusionRows& rows = fusion_rows();
  const int width = night.cols;
  if (!halved(m[1], m[0])) {
    for_rows(
        night.rows, [] { return Nothing{}; },
        [&](Nothing, int y) {
          rows.difference(night.ptr(y), day.ptr(y), width, m[0].ptr<float>(y), m[1].ptr<float>(y), m[2].ptr<float>(y));
        });
    return;
  }
  for_rows(
      m[1].rows, [&] { return ColourRows(width); },
      [&](ColourRows& own, int half) {
        for (int i = 0; i < 2; ++i) {
          const int y = std::min(2 * half + i, night.rows - 1);
          const auto at = std::size_t(i);
          rows.difference(night.ptr(y), day.ptr(y), width, m[0].ptr<float>(y), own.blue[at].data(), own.red[at].data());
        }
        rows.halve(own.blue[0].data(), own.blue[1].data(), width, m[1].ptr<float>(half));
        rows.halve(own.red[0].data(), own.red[1].data(), width, m[2].ptr<float>(half));
      });
}

void halve(const cv::Mat& plane, cv::Mat& out) {
  for_rows(
      out.rows, [] { return Nothing{}; },
      [&](Nothing, int half) {
        const auto *a = plane.ptr<float>(2 * half), *b = plane.ptr<float>(std::min(2 * half + 1, plane.rows - 1));
        fusion_rows().halve(a, b, plane.cols, out.ptr<float>(half));
      });
}

void right_side(const cv::Mat& m, const cv::Mat& w, double screen, double temporal, const cv::Mat& past, cv::Mat& out) {
  for_rows(
      m.rows, [] { return Nothing{}; },
      [&](Nothing, int y) {
        const int above = std::max(y - 1, 0), below = std::min(y + 1, m.rows - 1);
        SourceRow row{m.ptr<float>(y), m.ptr<float>(above), m.ptr<float>(below), w.ptr<float>(y), w.ptr<float>(above)};
        row.past = past.empty() ? row.m : past.ptr<float>(y);
        row.count = m.cols;
        row.screen = float(screen);
        row.temporal = past.empty() ? 0 : float(temporal);
        fusion_rows().source(row, out.ptr<float>(y));
      });
}

void compose(const Composed& parts, cv::Mat& result) {
  const int width = result.cols;
  const auto pair = [&] { return ColourPair{{parts.blue, result.size()}, {parts.red, result.size()}}; };
  for_rows(result.rows, pair, [&](ColourPair& colour, int y) {
    ComposeRow row{parts.day.ptr(y), parts.night.ptr(y), parts.weight.ptr<float>(y), parts.luma.ptr<float>(y)};
    row.blue = colour.blue.at(y);
    row.red = colour.red.at(y);
    row.count = width;
    if (!parts.influence.empty()) {
      row.influence = parts.influence.ptr(y);
      row.things = parts.things.ptr(y);
      row.least = parts.range.least.ptr(y);
      row.greatest = parts.range.greatest.ptr(y);
      row.over = parts.range.over.ptr(y);
      row.under = parts.range.under.ptr(y);
    }
    fusion_rows().compose(row, result.ptr(y));
  });
}

void sum_residual(const cv::Mat& v, const cv::Mat& m, const cv::Mat& w, const cv::Mat& day, double& off, double& all) {
  std::vector<RowSums> sums(std::size_t(v.rows));
  for_rows(
      v.rows, [] { return Nothing{}; },
      [&](Nothing, int y) {
        ResidualRow row{v.ptr<float>(y), nullptr,           m.ptr<float>(y), nullptr,
                        w.ptr<float>(y), day.ptr<float>(y), nullptr,         v.cols};
        if (y + 1 < v.rows) {
          row.v_below = v.ptr<float>(y + 1);
          row.m_below = m.ptr<float>(y + 1);
          row.day_below = day.ptr<float>(y + 1);
        }
        sums[std::size_t(y)] = fusion_rows().residual(row);
      });
  // One after the other, so that the figure does not hang on the threads.
  for (const RowSums& row : sums) off += row.off, all += row.all;
}

}  // namespace lynceus::context

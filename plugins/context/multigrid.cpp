#include "plugins/context/multigrid.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lynceus::context {
namespace {

constexpr int kSmooth = 2, kCoarsest = 16, kMostCycles = 30;

/// The sum of the neighbours that are there, and how many they are.
struct Around {
  double sum;
  int count;
};

Around around(const cv::Mat& u, int y, int x) {
  const int last = u.rows - 1;
  const auto* row = u.ptr<double>(y);
  Around out{0, 0};
  if (x > 0) out.sum += row[x - 1], ++out.count;
  if (x < last) out.sum += row[x + 1], ++out.count;
  if (y > 0) out.sum += u.ptr<double>(y - 1)[x], ++out.count;
  if (y < last) out.sum += u.ptr<double>(y + 1)[x], ++out.count;
  return out;
}

/// Of a cell on the coarse grid, the sum of its four: the coarse equation's spacing is twice as wide.
void restrict_to(const cv::Mat& fine, cv::Mat& coarse) {
  for (int y = 0; y < coarse.rows; ++y) {
    const auto *a = fine.ptr<double>(2 * y), *b = fine.ptr<double>(2 * y + 1);
    auto* to = coarse.ptr<double>(y);
    for (int x = 0; x < coarse.cols; ++x) to[x] = a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1];
  }
}

/// Adds the coarse correction, interpolated between the cells' middles.
void prolong_onto(const cv::Mat& coarse, cv::Mat& fine) {
  const int last = coarse.rows - 1;
  for (int y = 0; y < fine.rows; ++y) {
    const int near_y = y / 2, far_y = std::clamp(near_y + (y % 2 == 0 ? -1 : 1), 0, last);
    const auto *near = coarse.ptr<double>(near_y), *far = coarse.ptr<double>(far_y);
    auto* to = fine.ptr<double>(y);
    for (int x = 0; x < fine.cols; ++x) {
      const int near_x = x / 2, far_x = std::clamp(near_x + (x % 2 == 0 ? -1 : 1), 0, last);
      to[x] += (9 * near[near_x] + 3 * near[far_x] + 3 * far[near_x] + far[far_x]) / 16;
    }
  }
}

}  // namespace

Multigrid::Multigrid(int side, double tolerance) : tolerance_(tolerance) {
  if (side < 2 || (side & (side - 1)) != 0) throw std::invalid_argument("the side of a multigrid is a power of two");
  for (int n = side; n >= 2; n /= 2) {
    levels_.push_back({cv::Mat::zeros(n, n, CV_64F), cv::Mat::zeros(n, n, CV_64F), cv::Mat::zeros(n, n, CV_64F)});
  }
}

/// Gauss-Seidel, one colour of the chessboard after the other.
void Multigrid::smooth(Level& level, int times) const {
  const int n = level.u.rows;
  for (int i = 0; i < 2 * times; ++i) {
    for (int y = 0; y < n; ++y) {
      auto* u = level.u.ptr<double>(y);
      const auto* f = level.f.ptr<double>(y);
      for (int x = (y + i) % 2; x < n; x += 2) {
        const Around near = around(level.u, y, x);
        u[x] = (near.sum - f[x]) / near.count;
      }
    }
  }
}

double Multigrid::residual(Level& level) const {
  for (int y = 0; y < level.u.rows; ++y) {
    for (int x = 0; x < level.u.cols; ++x) {
      const Around near = around(level.u, y, x);
      level.r.ptr<double>(y)[x] = level.f.ptr<double>(y)[x] - (near.sum - near.count * level.u.ptr<double>(y)[x]);
    }
  }
  return cv::norm(level.r);
}

void Multigrid::cycle(std::size_t at) {
  Level& level = levels_[at];
  if (at + 1 == levels_.size()) {
    smooth(level, kCoarsest);
    level.u -= cv::mean(level.u)[0];
    return;
  }
  smooth(level, kSmooth);
  residual(level);
  Level& coarse = levels_[at + 1];
  restrict_to(level.r, coarse.f);
  coarse.u.setTo(0);
  cycle(at + 1);
  prolong_onto(coarse.u, level.u);
  smooth(level, kSmooth);
}

/// A first guess from the coarse grids up: what makes the multigrid full.
void Multigrid::guess(std::size_t at) {
  Level& level = levels_[at];
  level.u.setTo(0);
  if (at + 1 == levels_.size()) return cycle(at);
  Level& coarse = levels_[at + 1];
  restrict_to(level.f, coarse.f);
  guess(at + 1);
  prolong_onto(coarse.u, level.u);
  cycle(at);
}

cv::Mat Multigrid::solve(const cv::Mat& f) {
  Level& finest = levels_.front();
  f.copyTo(finest.f);
  const double enough = tolerance_ * cv::norm(f);
  guess(0);
  for (cycles_ = 1; cycles_ < kMostCycles && residual(finest) > enough; ++cycles_) cycle(0);
  return finest.u - cv::mean(finest.u)[0];
}

}  // namespace lynceus::context

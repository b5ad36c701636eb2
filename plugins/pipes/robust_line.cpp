#include "plugins/pipes/robust_line.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace lynceus::pipes {
namespace {

constexpr std::size_t kAnchors = 14;      // pairs of these are tried: the same lines every time
constexpr std::size_t kMostCounted = 90;  // points that vote
constexpr double kTolerated = 0.35;

struct Count {
  double inliers = 0, tolerated = 0;
  double score() const { return inliers + kTolerated * tolerated; }
};

/// Every so many of the points, in columns that a compiler can take several of at once.
class Voters {
 public:
  explicit Voters(std::span<const cv::Point2d> points) {
    const std::size_t step = std::max<std::size_t>(1, points.size() / kMostCounted);
    for (std::size_t i = 0; i < points.size(); i += step) x_.push_back(points[i].x), y_.push_back(points[i].y);
  }

  Count count(const EdgeLine& line, double tolerance, int side) const {
    const double *x = x_.data(), *y = y_.data();
    std::int64_t near = 0, beyond = 0;
    for (std::size_t i = 0; i < x_.size(); ++i) {
      const double off = (y[i] - (line.slope * x[i] + line.offset)) * side;
      near += std::abs(off) <= tolerance ? 1 : 0;
      beyond += off > tolerance ? 1 : 0;
    }
    const double total = std::max(static_cast<double>(x_.size()), 1.0);
    return {static_cast<double>(near) / total, static_cast<double>(beyond) / total};
  }

 private:
  std::vector<double> x_, y_;
};

EdgeLine refined(std::span<const cv::Point2d> points, const EdgeLine& start, double tolerance) {
  EdgeLine line = start;
  for (int round = 0; round < 2; ++round) {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (const cv::Point2d& p : points) {
      if (std::abs(p.y - line.at(p.x)) > tolerance) continue;
      ++n, x += p.x, y += p.y, xx += p.x * p.x, xy += p.x * p.y;
    }
    const double spread = n * xx - x * x;
    if (n < 2 || spread <= 1e-9) return line;
    line.slope = (n * xy - x * y) / spread;
    line.offset = (y - line.slope * x) / n;
  }
  return line;
}

}  // namespace

LineFit robust_line(std::span<const cv::Point2d> points, double tolerance, int side, double steepest) {
  LineFit best;
  if (points.size() < 2) return best;
  const std::size_t anchors = std::min(kAnchors, points.size());
  const auto anchor = [&](std::size_t i) {
    return points[(points.size() - 1) * i / std::max<std::size_t>(1, anchors - 1)];
  };
  const Voters voters(points);
  double best_score = -1;
  for (std::size_t i = 0; i < anchors; ++i) {
    for (std::size_t j = i + 1; j < anchors; ++j) {
      const cv::Point2d a = anchor(i), b = anchor(j);
      if (std::abs(b.x - a.x) < 1e-9) continue;
      EdgeLine line;
      line.slope = (b.y - a.y) / (b.x - a.x);
      if (std::abs(line.slope) > steepest) continue;
      line.offset = a.y - line.slope * a.x;
      const double score = voters.count(line, tolerance, side).score();
      if (score <= best_score) continue;
      best_score = score;
      best.line = line;
    }
  }
  best.line = refined(points, best.line, tolerance);
  const Count last = voters.count(best.line, tolerance, side);
  best.support = last.inliers;
  best.tolerated = last.tolerated;
  return best;
}

}  // namespace lynceus::pipes

// The published solver: full multigrid for  laplacian(u) = f  with no slope at the border, on a square whose side is a
// power of two, in double. The mean of u is 0. Kept to compare with: poisson.h is exact and quicker.
// Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace lynceus::context {

class Multigrid {
 public:
  /// `side`: a power of two; throws std::invalid_argument.
  explicit Multigrid(int side, double tolerance = 1e-5);
  /// CV_64FC1 in and out. Ends at |f - laplacian(u)| <= tolerance |f|, or after 30 cycles.
  cv::Mat solve(const cv::Mat& f);
  int cycles() const { return cycles_; }

 private:
  struct Level {
    cv::Mat u, f, r;
  };
  void guess(std::size_t level);
  void cycle(std::size_t level);
  void smooth(Level& level, int times) const;
  double residual(Level& level) const;

  std::vector<Level> levels_;  ///< the finest first
  double tolerance_;
  int cycles_ = 0;
};

}  // namespace lynceus::context

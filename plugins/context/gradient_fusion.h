// Algorithm 1 as published: per channel, mix the gradients, integrate them, scale and shift to the blend of both pictures.
// In double; for the profile seed and for comparison. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>

namespace lynceus::context {

enum class Solver {
  multigrid,  ///< published: on a black-padded square of a power of two, the importance replicated into the pad
  exact,      ///< the least squares on the picture itself
  exact_padded
};

struct GradientFusion {
  cv::Mat picture;          ///< 8UC3
  cv::Mat unrounded;        ///< 64FC3
  double residual = 0;      ///< |grad I' - G| / |G| before scale and shift, all channels
  double solver_error = 0;  ///< greatest difference to the exact solution on the same grid, after scale and shift
  int shifted_only = 0;     ///< channels whose scale would have been negative: only shifted
};

/// `night`, `day`: 8UC3 or 32FC3 of one size. `gradient_weight`, `blend_weight`: 32FC1, 1 = night.
GradientFusion fuse_gradients(const cv::Mat& night, const cv::Mat& day, const cv::Mat& gradient_weight,
                              const cv::Mat& blend_weight, Solver solver);

/// Forward differences with 0 in the last column or row, and their adjoint's divergence by backward differences.
void forward_differences(const cv::Mat& plane, cv::Mat& dx, cv::Mat& dy);
cv::Mat divergence(const cv::Mat& gx, const cv::Mat& gy);

/// The side of the padded square.
int padded_side(cv::Size size);

}  // namespace lynceus::context

#include "plugins/context/gradient_fusion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "plugins/context/multigrid.h"
#include "plugins/context/poisson.h"

namespace lynceus::context {
namespace {

constexpr double kFlat = 1e-6;  // variance below which there is nothing to scale

cv::Mat solve_exactly(const cv::Mat& f) {
  cv::Mat plane = make_plane<double>(f.size());
  f.copyTo(plane);
  Poisson<double>(f.size(), Ends::even, Ends::even).solve(plane, 0);
  return plane;
}

/// The picture in the middle of the square.
struct Pad {
  Pad(cv::Size size, int side)
      : at((side - size.width) / 2, (side - size.height) / 2, size.width, size.height), whole(side) {}

  cv::Mat around(const cv::Mat& plane, int border) const {
    cv::Mat out;
    cv::copyMakeBorder(plane, out, at.y, whole - at.br().y, at.x, whole - at.br().x, border | cv::BORDER_ISOLATED, 0);
    return out;
  }

  cv::Rect at;
  int whole;
};

/// One channel on its way.
struct Channel {
  cv::Mat gx, gy, integrated, exact;  // on the solver's grid; `exact` where it is not the solver's own
};

Channel integrate(const cv::Mat& night, const cv::Mat& day, const cv::Mat& weight, Solver solver) {
  cv::Mat nx, ny, dx, dy;
  forward_differences(night, nx, ny);
  forward_differences(day, dx, dy);
  Channel out;
  out.gx = dx + weight.mul(nx - dx);
  out.gy = dy + weight.mul(ny - dy);
  const cv::Mat f = divergence(out.gx, out.gy);
  if (solver == Solver::multigrid) {
    out.integrated = Multigrid(f.rows).solve(f);
    out.exact = solve_exactly(f);
  } else {
    out.integrated = solve_exactly(f);
  }
  return out;
}

/// Least squares of c1 I + c2 to the blend; over the picture only, never over the pad.
cv::Mat scaled_to(const cv::Mat& integrated, const cv::Mat& blend, int* shifted_only) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(integrated, mean, deviation);
  const double variance = deviation[0] * deviation[0], target = cv::mean(blend)[0];
  if (variance < kFlat) return blend.clone();
  const double covariance = integrated.dot(blend) / double(blend.total()) - mean[0] * target;
  double c1 = covariance / variance;
  if (c1 <= 0) {
    c1 = 1;
    if (shifted_only) ++*shifted_only;
  }
  return c1 * integrated + (target - c1 * mean[0]);
}

void add_residual(const Channel& channel, double& off, double& all) {
  cv::Mat ux, uy;
  forward_differences(channel.integrated, ux, uy);
  off += std::pow(cv::norm(ux, channel.gx), 2) + std::pow(cv::norm(uy, channel.gy), 2);
  all += std::pow(cv::norm(channel.gx), 2) + std::pow(cv::norm(channel.gy), 2);
}

std::array<cv::Mat, 3> planes_of(const cv::Mat& picture) {
  cv::Mat wide;
  picture.convertTo(wide, CV_64F);
  std::array<cv::Mat, 3> planes;
  cv::split(wide, planes.data());
  return planes;
}

}  // namespace

int padded_side(cv::Size size) {
  int side = 2;
  while (side < std::max(size.width, size.height) + 2) side *= 2;
  return side;
}

void forward_differences(const cv::Mat& plane, cv::Mat& dx, cv::Mat& dy) {
  const cv::Mat wide = plane;
  cv::Mat right, below;
  cv::copyMakeBorder(wide, right, 0, 0, 0, 1, cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
  cv::copyMakeBorder(wide, below, 0, 1, 0, 0, cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
  dx = right.colRange(1, right.cols) - wide;
  dy = below.rowRange(1, below.rows) - wide;
}

cv::Mat divergence(const cv::Mat& gx, const cv::Mat& gy) {
  cv::Mat left, above;
  cv::copyMakeBorder(gx, left, 0, 0, 1, 0, cv::BORDER_CONSTANT | cv::BORDER_ISOLATED, 0);
  cv::copyMakeBorder(gy, above, 1, 0, 0, 0, cv::BORDER_CONSTANT | cv::BORDER_ISOLATED, 0);
  // The last column's and row's difference is 0 by definition; what stands there flows nowhere.
  return (gx - left.colRange(0, gx.cols)) + (gy - above.rowRange(0, gy.rows));
}

GradientFusion fuse_gradients(const cv::Mat& night, const cv::Mat& day, const cv::Mat& gradient_weight,
                              const cv::Mat& blend_weight, Solver solver) {
  const bool padded = solver != Solver::exact;
  const Pad pad(night.size(), padded ? padded_side(night.size()) : 0);
  cv::Mat weight, blend;
  gradient_weight.convertTo(weight, CV_64F);
  blend_weight.convertTo(blend, CV_64F);
  const cv::Mat wide_weight = padded ? pad.around(weight, cv::BORDER_REPLICATE) : weight;
  const auto nights = planes_of(night), days = planes_of(day);
  GradientFusion out;
  std::array<cv::Mat, 3> results;
  double off = 0, all = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const cv::Mat n = padded ? pad.around(nights[i], cv::BORDER_CONSTANT) : nights[i];
    const cv::Mat d = padded ? pad.around(days[i], cv::BORDER_CONSTANT) : days[i];
    const Channel channel = integrate(n, d, wide_weight, solver);
    const cv::Mat target = days[i] + blend.mul(nights[i] - days[i]);
    const auto cropped = [&](const cv::Mat& plane) { return padded ? plane(pad.at).clone() : plane.clone(); };
    results[i] = scaled_to(cropped(channel.integrated), target, &out.shifted_only);
    add_residual(channel, off, all);
    if (channel.exact.empty()) continue;
    const cv::Mat exact = scaled_to(cropped(channel.exact), target, nullptr);
    out.solver_error = std::max(out.solver_error, cv::norm(results[i], exact, cv::NORM_INF));
  }
  if (all > 0) out.residual = std::sqrt(off / all);
  cv::merge(results.data(), 3, out.unrounded);
  out.unrounded.convertTo(out.picture, CV_8U);
  return out;
}

}  // namespace lynceus::context

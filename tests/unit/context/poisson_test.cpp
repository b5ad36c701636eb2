// The transforms against the equation itself: every kind of end, every kind of size.
#include "plugins/context/poisson.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "plugins/context/gradient_fusion.h"
#include "plugins/context/importance.h"
#include "plugins/context/multigrid.h"
#include "plugins/context/strip_tables.h"
#include "tests/support/catch.h"
#include "tests/unit/context/pictures.h"

namespace lynceus::context {
namespace {

template <class S>
cv::Mat random_plane(cv::Size size, bool without_mean) {
  cv::Mat plane = make_plane<S>(size);
  cv::RNG random(size.width * 1000 + size.height);
  random.fill(plane, cv::RNG::UNIFORM, -1, 1);
  if (without_mean) plane -= cv::mean(plane)[0];
  return plane;
}

/// What the solution is one pixel beyond an end.
double beyond(Ends ends, bool low) {
  if (ends == Ends::even) return 1;
  if (ends == Ends::odd) return -1;
  return (ends == Ends::even_odd) == low ? 1 : -1;
}

template <class S>
double at(const cv::Mat& u, int y, int x, Ends horizontal, Ends vertical) {
  double sign = 1;
  if (x < 0) sign *= beyond(horizontal, true), x = 0;
  if (x == u.cols) sign *= beyond(horizontal, false), x = u.cols - 1;
  if (y < 0) sign *= beyond(vertical, true), y = 0;
  if (y == u.rows) sign *= beyond(vertical, false), y = u.rows - 1;
  return sign * double(u.at<S>(y, x));
}

/// Greatest deviation from laplacian(u) - screen u = f.
template <class S>
double deviation(cv::Size size, Ends horizontal, Ends vertical, double screen) {
  const bool singular = horizontal == Ends::even && vertical == Ends::even && screen == 0;
  const cv::Mat f = random_plane<S>(size, singular);
  cv::Mat u = make_plane<S>(size);
  f.copyTo(u);
  Poisson<S>(size, horizontal, vertical).solve(u, screen);
  double worst = 0;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double around = at<S>(u, y, x - 1, horizontal, vertical) + at<S>(u, y, x + 1, horizontal, vertical) +
                            at<S>(u, y - 1, x, horizontal, vertical) + at<S>(u, y + 1, x, horizontal, vertical);
      worst = std::max(worst, std::abs(around - (4 + screen) * u.at<S>(y, x) - f.at<S>(y, x)));
    }
  }
  return worst;
}

constexpr Ends kAllEnds[] = {Ends::even, Ends::odd, Ends::even_odd, Ends::odd_even};

TEST_CASE("every pair of ends solves its equation, with and without screen") {
  for (const Ends horizontal : kAllEnds) {
    for (const Ends vertical : kAllEnds) {
      for (const cv::Size size :
           {cv::Size(32, 32), cv::Size(16, 8), cv::Size(40, 26), cv::Size(2, 2), cv::Size(34, 38)}) {
        INFO(int(horizontal) << " " << int(vertical) << " " << size.width << "x" << size.height);
        REQUIRE(deviation<double>(size, horizontal, vertical, 0) < 1e-9);
        REQUIRE(deviation<double>(size, horizontal, vertical, 0.1) < 1e-9);
      }
    }
  }
}

TEST_CASE("odd sizes, primes and single pixels are sizes like any other") {
  for (const cv::Size size : {cv::Size(31, 29), cv::Size(1, 1), cv::Size(1, 7), cv::Size(17, 1), cv::Size(211, 103),
                              cv::Size(77, 143), cv::Size(319, 241)}) {
    INFO(size.width << "x" << size.height);
    REQUIRE(deviation<double>(size, Ends::even, Ends::even, 0) < 1e-9);
    REQUIRE(deviation<double>(size, Ends::odd, Ends::odd, 0) < 1e-9);
    REQUIRE(deviation<float>(size, Ends::even, Ends::even, 0) < 2e-3);
  }
  REQUIRE_THROWS(Poisson<float>({31, 30}, Ends::even_odd, Ends::even));
}

TEST_CASE("an integrable field comes back: 1e-6 in double, 0.05 level in float") {
  for (const cv::Size size : {cv::Size(320, 240), cv::Size(641, 479)}) {
    cv::Mat picture;
    luminance(test::place(size, 3)).convertTo(picture, CV_64F);
    cv::Mat dx, dy;
    forward_differences(picture, dx, dy);
    const cv::Mat f = divergence(dx, dy);
    cv::Mat wide = make_plane<double>(size), narrow = make_plane<float>(size);
    f.copyTo(wide);
    f.convertTo(narrow, CV_32F);
    Poisson<double>(size, Ends::even, Ends::even).solve(wide, 0);
    Poisson<float>(size, Ends::even, Ends::even).solve(narrow, 0);
    picture -= cv::mean(picture)[0];
    REQUIRE(cv::norm(wide, picture) <= 1e-6 * cv::norm(picture));
    cv::Mat widened;
    narrow.convertTo(widened, CV_64F);
    REQUIRE(test::greatest_difference(widened, wide) < 0.05);
  }
}

TEST_CASE("the kernels of every processor agree") {
  const cv::Size size(96, 45);
  const cv::Mat f = random_plane<float>(size, false);
  const auto solved = [&](const StripKernels<float>& kernels) {
    const AxisPlan<float> x(size.width, Ends::even), y(size.height, Ends::odd);
    cv::Mat plane = make_plane<float>(size);
    f.copyTo(plane);
    const PlaneView<float> view{plane.ptr<float>(), std::ptrdiff_t(plane.step1())};
    std::vector<float> memory(2 * (x.scratch_pairs() + y.scratch_pairs()) * 2 * kLanes + 64);
    auto* scratch = reinterpret_cast<Pair<float>*>((reinterpret_cast<std::uintptr_t>(memory.data()) + 63) / 64 * 64);
    for (int row = 0; row < size.height; row += kStrip)
      kernels.rows_forward(x.view(), view, row, std::min(kStrip, size.height - row), scratch);
    for (int column = 0; column < size.width; column += kStrip) {
      kernels.columns_solve(x.view(), y.view(), view, column, 0.F, float(1 / (x.gain() * y.gain())), scratch);
    }
    for (int row = 0; row < size.height; row += kStrip)
      kernels.rows_inverse(x.view(), view, row, std::min(kStrip, size.height - row), scratch);
    return plane;
  };
  const cv::Mat best = solved(strip_kernels<float>());
  REQUIRE(test::greatest_difference(best, solved(kBaseFloat)) < 1e-4);
  REQUIRE(cv::norm(best) > 1);
}

TEST_CASE("the multigrid's solution is the transform's") {
  const cv::Mat f = random_plane<double>({128, 128}, true);
  Multigrid multigrid(128);
  const cv::Mat u = multigrid.solve(f);
  cv::Mat exact = make_plane<double>({128, 128});
  f.copyTo(exact);
  Poisson<double>({128, 128}, Ends::even, Ends::even).solve(exact, 0);
  REQUIRE(multigrid.cycles() < 12);
  REQUIRE(test::greatest_difference(u, exact) < 1e-3 * cv::norm(exact, cv::NORM_INF));
  REQUIRE_THROWS(Multigrid(96));
}

}  // namespace
}  // namespace lynceus::context

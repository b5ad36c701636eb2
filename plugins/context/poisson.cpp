#include "plugins/context/poisson.h"

#include <algorithm>
#include <new>
#include <opencv2/core/utility.hpp>
#include <stdexcept>

namespace lynceus::context {
namespace {

template <class S>
struct Scratch {
  explicit Scratch(std::size_t pairs)
      : memory(static_cast<Pair<S>*>(::operator new (pairs * sizeof(Pair<S>), std::align_val_t{alignof(Pair<S>)}))) {}
  ~Scratch() { ::operator delete (memory, std::align_val_t{alignof(Pair<S>)}); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  Pair<S>* const memory;
};

/// Strips of `count` lines, `size` a strip, shared between OpenCV's threads.
template <class S, class Work>
void for_strips(int count, int size, std::size_t scratch_pairs, const Work& work) {
  const int strips = (count + size - 1) / size;
  const auto some = [&](const cv::Range& range) {
    const Scratch<S> scratch(scratch_pairs);
    for (int strip = range.start; strip < range.end; ++strip) {
      work(strip * size, std::min(size, count - strip * size), scratch.memory);
    }
  };
  constexpr int kWorthThreads = 8;
  if (strips < kWorthThreads) return some({0, strips});
  cv::parallel_for_({0, strips}, some, cv::getNumThreads());
}

}  // namespace

template <class S>
cv::Mat make_plane(cv::Size size) {
  const int padded = (size.width + kStrip - 1) / kStrip * kStrip;
  const cv::Mat whole = cv::Mat::zeros(size.height, padded, cv::DataType<S>::type);
  return whole.colRange(0, size.width);
}

template <class S>
Poisson<S>::Poisson(cv::Size size, Ends horizontal, Ends vertical)
    : horizontal_(AxisPlan<S>::shared(size.width, horizontal)), vertical_(AxisPlan<S>::shared(size.height, vertical)) {}

template <class S>
void Poisson<S>::solve(cv::Mat& plane, double screen) const {
  const AxisView<S>&x = horizontal_->view(), &y = vertical_->view();
  const auto stride = static_cast<std::ptrdiff_t>(plane.step1());
  if (plane.size() != cv::Size(x.n, y.n) || plane.type() != cv::DataType<S>::type || stride % kStrip != 0)
    throw std::logic_error("not a plane of this solver");
  const PlaneView<S> view{plane.ptr<S>(), stride};
  const StripKernels<S>& kernels = strip_kernels<S>();
  const S scale = static_cast<S>(1 / (horizontal_->gain() * vertical_->gain()));
  for_strips<S>(y.n, strip_of(x.ends), horizontal_->scratch_pairs(),
                [&](int begin, int rows, Pair<S>* scratch) { kernels.rows_forward(x, view, begin, rows, scratch); });
  for_strips<S>(x.n, strip_of(y.ends), vertical_->scratch_pairs(), [&](int begin, int, Pair<S>* scratch) {
    kernels.columns_solve(x, y, view, begin, static_cast<S>(screen), scale, scratch);
  });
  for_strips<S>(y.n, strip_of(x.ends), horizontal_->scratch_pairs(),
                [&](int begin, int rows, Pair<S>* scratch) { kernels.rows_inverse(x, view, begin, rows, scratch); });
}

template cv::Mat make_plane<float>(cv::Size);
template cv::Mat make_plane<double>(cv::Size);
template class Poisson<float>;
template class Poisson<double>;

}  // namespace lynceus::context

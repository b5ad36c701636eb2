// The tables of one axis of a transform as plain pointers: what the kernels (strip_kernels.inc) may see. They are compiled
// for more than one processor, so nothing of the standard library may be compiled along (axis_plan.h owns the tables).
#pragma once

#include <cstddef>

#include "plugins/context/lanes.h"

namespace lynceus::context {

/// What the solution is beyond the two ends of an axis. even: its mirror image (no slope at the border); odd: the
/// negative of it (zero at the border).
enum class Ends { even, odd, even_odd, odd_even };

/// One pass of the FFT. `twiddles`: (radix - 1) complex numbers for each of `count`; `roots`: the radix-th roots of 1.
template <class S>
struct StageView {
  int radix = 0, count = 0;
  const S* twiddles = nullptr;
  const S* roots = nullptr;
};

template <class S>
struct FftView {
  int n = 0, stages = 0;
  const StageView<S>* stage = nullptr;
  /// Bluestein's way for sizes with a large prime factor: a convolution of another size.
  const FftView* inner = nullptr;
  const S* chirp = nullptr;     ///< n complex
  const S* spectrum = nullptr;  ///< inner->n complex, scaled by 1 / inner->n
};

template <class S>
struct AxisView {
  int n = 0;
  Ends ends = Ends::even;
  FftView<S> fft;            ///< of n, or n / 2 where the ends differ
  const S* turn = nullptr;   ///< complex, after (before) the FFT
  const S* eigen = nullptr;  ///< of the second difference, padded to a whole strip with -1
};

/// A plane in memory: rows of `stride` numbers, at least width rounded up to kStrip.
template <class S>
struct PlaneView {
  S* data = nullptr;
  std::ptrdiff_t stride = 0;
};

constexpr int kStrip = 2 * kLanes;

/// Rows (columns) that a strip of this axis' transform covers.
constexpr int strip_of(Ends ends) { return ends == Ends::even || ends == Ends::odd ? kStrip : kLanes; }

/// The work on one strip, for one kind of processor. `scratch` has AxisPlan::scratch_pairs(), aligned to a pair's size.
template <class S>
struct StripKernels {
  /// Rows begin … begin + rows - 1 to their spectrum, or back.
  void (*rows_forward)(const AxisView<S>&, PlaneView<S>, int begin, int rows, Pair<S>* scratch);
  void (*rows_inverse)(const AxisView<S>&, PlaneView<S>, int begin, int rows, Pair<S>* scratch);
  /// Columns from `begin` on: to the spectrum, times scale / (eigenvalue - screen), and back.
  void (*columns_solve)(const AxisView<S>& horizontal, const AxisView<S>& vertical, PlaneView<S>, int begin, S screen,
                        S scale, Pair<S>* scratch);
};

/// The best for this processor.
template <class S>
const StripKernels<S>& strip_kernels();

}  // namespace lynceus::context

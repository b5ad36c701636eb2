// Eight numbers side by side, the unit in which the transforms compute: the compiler makes of them what the processor has.
// Their alignment is said, not left to the compiler: it must be the same for every kind of processor.
#pragma once

namespace lynceus::context {

constexpr int kLanes = 8;

template <class S>
struct LanesOf;
template <>
struct LanesOf<float> {
  typedef float Type __attribute__((vector_size(kLanes * sizeof(float)), aligned(kLanes * sizeof(float))));
};
template <>
struct LanesOf<double> {
  typedef double Type __attribute__((vector_size(kLanes * sizeof(double)), aligned(kLanes * sizeof(double))));
};

/// Eight complex numbers, or eight pairs of reals that are transformed at once.
template <class S>
struct Pair {
  typename LanesOf<S>::Type re, im;
};

}  // namespace lynceus::context

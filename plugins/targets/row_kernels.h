// Least and greatest of several rows, pixel by pixel: what the line filter is made of. One table for every machine, one
// more for those with AVX2. Thread: reentrant.
#pragma once

#include <cstdint>

namespace lynceus::targets {

template <class T>
struct RowKernels {
  /// out[x] = least (greatest) of rows[0][x] … rows[count − 1][x]; at least one row; `out` is none of them.
  void (*least)(const T* const* rows, int count, T* out, int width);
  void (*greatest)(const T* const* rows, int count, T* out, int width);
  /// two[x] = least (greatest) of the first two of three rows, three[x] of all; either may be null.
  void (*least_runs)(const T* const* rows, T* two, T* three, int width);
  void (*greatest_runs)(const T* const* rows, T* two, T* three, int width);
  /// out[x] = from[x] − greatest of the rows, never below 0.
  void (*above)(const T* from, const T* const* rows, int count, T* out, int width);
};

const RowKernels<std::uint8_t>& base_kernels(std::uint8_t);
const RowKernels<std::uint16_t>& base_kernels(std::uint16_t);
/// Null where this program was built for another kind of machine.
const RowKernels<std::uint8_t>* avx2_kernels(std::uint8_t);
const RowKernels<std::uint16_t>* avx2_kernels(std::uint16_t);

/// The best that this machine can run.
template <class T>
const RowKernels<T>& row_kernels();

}  // namespace lynceus::targets

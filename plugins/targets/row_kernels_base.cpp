#include <cstring>
#include <opencv2/core/utility.hpp>

#include "plugins/targets/row_kernels.h"

namespace lynceus::targets {
namespace {
constexpr int kBytes = 16;
#include "plugins/targets/row_kernels.inc"
}  // namespace

const RowKernels<std::uint8_t>& base_kernels(std::uint8_t) { return kTable<std::uint8_t>; }
const RowKernels<std::uint16_t>& base_kernels(std::uint16_t) { return kTable<std::uint16_t>; }

template <class T>
const RowKernels<T>& row_kernels() {
  static const RowKernels<T>* const wide = cv::checkHardwareSupport(CV_CPU_AVX2) ? avx2_kernels(T{}) : nullptr;
  return wide ? *wide : base_kernels(T{});
}

template const RowKernels<std::uint8_t>& row_kernels<std::uint8_t>();
template const RowKernels<std::uint16_t>& row_kernels<std::uint16_t>();

}  // namespace lynceus::targets

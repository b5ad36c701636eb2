#include <cstring>

#include "plugins/targets/row_kernels.h"

namespace lynceus::targets {

#ifdef __AVX2__
namespace {
constexpr int kBytes = 32;
#include "plugins/targets/row_kernels.inc"
}  // namespace
const RowKernels<std::uint8_t>* avx2_kernels(std::uint8_t) { return &kTable<std::uint8_t>; }
const RowKernels<std::uint16_t>* avx2_kernels(std::uint16_t) { return &kTable<std::uint16_t>; }
#else
const RowKernels<std::uint8_t>* avx2_kernels(std::uint8_t) { return nullptr; }
const RowKernels<std::uint16_t>* avx2_kernels(std::uint16_t) { return nullptr; }
#endif

}  // namespace lynceus::targets

// Compiled with -mavx2 -mfma where the compiler knows them; called only where the processor does.
#include "plugins/context/axis_view.h"
#include "plugins/context/strip_tables.h"

namespace lynceus::context {
namespace {
#include "plugins/context/strip_kernels.inc"
}  // namespace

const StripKernels<float> kAvx2Float = kKernels<float>;
const StripKernels<double> kAvx2Double = kKernels<double>;

}  // namespace lynceus::context

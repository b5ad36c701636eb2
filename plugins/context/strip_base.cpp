#include "plugins/context/axis_view.h"
#include "plugins/context/strip_tables.h"

namespace lynceus::context {
namespace {
#include "plugins/context/strip_kernels.inc"
}  // namespace

const StripKernels<float> kBaseFloat = kKernels<float>;
const StripKernels<double> kBaseDouble = kKernels<double>;

}  // namespace lynceus::context

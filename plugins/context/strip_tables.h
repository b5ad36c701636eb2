// The same kernels, compiled for each kind of processor; strip_kernels() chooses.
#pragma once

#include "plugins/context/axis_view.h"

namespace lynceus::context {

extern const StripKernels<float> kBaseFloat, kAvx2Float;
extern const StripKernels<double> kBaseDouble, kAvx2Double;

/// Whether this processor runs what is compiled with -mavx2 -mfma.
bool has_avx2();

}  // namespace lynceus::context

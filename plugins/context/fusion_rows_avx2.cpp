// Compiled with -mavx2 -mfma where the compiler knows them; called only where the processor does.
#include "plugins/context/fusion_rows.h"

namespace lynceus::context {
namespace {
#include "plugins/context/fusion_rows.inc"
}  // namespace

const FusionRows kAvx2Rows = kRows;

}  // namespace lynceus::context

// For every processor.
#include "plugins/context/fusion_rows.h"

namespace lynceus::context {
namespace {
#include "plugins/context/fusion_rows.inc"
}  // namespace

const FusionRows kBaseRows = kRows;

}  // namespace lynceus::context

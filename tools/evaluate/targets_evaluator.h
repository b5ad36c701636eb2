// `evaluate targets`: sequences with boxes or points, pictures with masks; the published paper's four experiments (signal
// to noise, overlap, precision, speed) beside ours. docs/ref/evaluate.md.
#pragma once

#include <memory>

#include "tools/evaluate/evaluator.h"

namespace lynceus::tools {

std::unique_ptr<Evaluator> make_targets_evaluator();

}  // namespace lynceus::tools

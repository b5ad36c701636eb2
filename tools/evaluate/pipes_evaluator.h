// `evaluate pipes`: diagnoses against truth.jsonl, as the patent's two tables.
#pragma once

#include <memory>

#include "tools/evaluate/evaluator.h"

namespace lynceus::tools {

std::unique_ptr<Evaluator> make_pipes_evaluator();

}  // namespace lynceus::tools

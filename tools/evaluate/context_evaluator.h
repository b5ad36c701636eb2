// `evaluate context`: how well the day's scene shows in the night picture, on clips whose foreground is known.
#pragma once

#include <memory>

#include "tools/evaluate/evaluator.h"

namespace lynceus::tools {

std::unique_ptr<Evaluator> make_context_evaluator();

}  // namespace lynceus::tools

// `evaluate scene`: labels of pictures of rooms against labels/, labels13/ or labels40/, as the seed's tables.
#pragma once

#include <memory>

#include "tools/evaluate/evaluator.h"

namespace lynceus::tools {

std::unique_ptr<Evaluator> make_scene_evaluator();

}  // namespace lynceus::tools

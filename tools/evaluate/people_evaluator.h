// `evaluate people`: tracking on MOTChallenge folders, distances on WILDTRACK folders, the seed's experiments on
// pictures.
#pragma once

#include <memory>

#include "tools/evaluate/evaluator.h"

namespace lynceus::tools {

std::unique_ptr<Evaluator> make_people_evaluator();

}  // namespace lynceus::tools

// How much a peak looks like a target, from its features: a network of one hidden layer, trained on real pictures and
// held in score_weights.inc (models/training/targets/fit_scores.py makes it). Thread: reentrant.
#pragma once

#include "plugins/targets/features.h"

namespace lynceus::targets {

/// Logarithm of the odds; comparable between pictures.
double target_logit(const Features& features);

/// 0 … 1.
double probability(double logit);

}  // namespace lynceus::targets

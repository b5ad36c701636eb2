#include "plugins/targets/score_model.h"

#include <cmath>

namespace lynceus::targets {
namespace {

#include "plugins/targets/score_weights.inc"

}  // namespace

double target_logit(const Features& features) {
  double logit = kOutputBias;
  for (int unit = 0; unit < kHidden; ++unit) {
    double sum = kHiddenBias[unit];
    for (int i = 0; i < kFeatures; ++i)
      sum += kHiddenWeights[unit][i] * (features[std::size_t(i)] - kMean[i]) * kScale[i];
    logit += kOutputWeights[unit] * std::tanh(sum);
  }
  return logit;
}

double probability(double logit) { return 1 / (1 + std::exp(-logit)); }

}  // namespace lynceus::targets

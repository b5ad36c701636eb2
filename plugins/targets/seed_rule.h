// What profile seed calls a target without the network's weights: a maximum of M above mean + 5 σ of its own 41×41
// surroundings. Thread: reentrant.
#pragma once

#include "plugins/targets/detector.h"

namespace lynceus::targets {

/// Best first; `logit` is of the contrast in σ, so that more is better.
void find_by_seed_rule(Detected& seen, std::size_t most);

}  // namespace lynceus::targets

// Faults of an unrolled pipe: bare sections (hot and narrower along a piece of it) and damages (hot patches).
// Thread: reentrant.
#pragma once

#include <vector>

#include "plugins/pipes/diagnosis.h"
#include "plugins/pipes/pipe_strip.h"
#include "plugins/pipes/settings.h"

namespace lynceus::pipes {

struct PipeFaults {
  std::vector<BareSection> bare;
  std::vector<Defect> damages;
  double limit_kelvin = 0;  ///< a patch must be so much above usual
  double width_share = 1;   ///< of the narrowest bare section
  double margin = 0;        ///< how far the nearest candidate is from the decision, 0..1
};

PipeFaults find_faults(const PipeStrip& strip, const PipeParams& params);

}  // namespace lynceus::pipes

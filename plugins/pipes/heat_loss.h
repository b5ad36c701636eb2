// What damaged insulation costs: heat given off beyond what the intact pipe would, in watts. Thread: reentrant.
//
// A surface of temperature T gives off h (T − T_air) per square metre, convection and radiation together. A patch is
// Δt warmer than usual: h × area × Δt. A bare section has another diameter and another temperature:
// π × length × h × (d_bare × (excess + Δt) − d × excess), excess = the intact pipe's over its surroundings.
// Only the side that is seen is known of a patch; a bare section is taken to be bare all round.
#pragma once

#include "plugins/pipes/diagnosis.h"
#include "plugins/pipes/pipe_lines.h"
#include "plugins/pipes/settings.h"

namespace lynceus::pipes {

/// 0 where the pipe's diameter is not known. `excess_kelvin` is the intact pipe's over its surroundings.
double heat_loss(const Diagnosis& found, const PipeLines& lines, double excess_kelvin, const PipeParams& params);

}  // namespace lynceus::pipes

// Palettes whose cameras lay the sensor's signal, not degrees, along the scale: FLIR's iron, rainbow and high-contrast
// rainbow, nine colours of each, read off pictures of such cameras. Thread: reentrant.
#pragma once

#include "plugins/pipes/colour_scale.h"

namespace lynceus::pipes {

bool is_signal_palette(const BarColours& colours);

}  // namespace lynceus::pipes

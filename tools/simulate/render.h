// A camera's pictures, rendered and encoded once: the plain scene, or what it shows while a fault lasts.
//
// Takes as long as rendering takes (seconds); ClipCache keeps the result for the next start. Thread: any.
#pragma once

#include <string>

#include "tools/simulate/clip.h"
#include "tools/simulate/fault.h"
#include "tools/simulate/spec.h"

namespace lynceus::tools {

/// Everything the clip depends on, as text: the key of the cache.
std::string recipe(const CameraSpec& spec, Variant variant);

Clip render(const CameraSpec& spec, Variant variant);

/// What the camera speaks while the fault `codec` lasts.
Codec other_codec(Codec codec);

}  // namespace lynceus::tools

// The temperatures that FLIR's cameras put into their JPEGs beside the coloured picture: APP1 segments "FLIR" that make
// up one FFF container with raw values and the constants to turn them into kelvin.
//
// Everything in it is untrusted: every offset and count is checked where it is used, and what is damaged or beyond the
// limits gives nothing, since the picture itself may be whole. Thread: reentrant.
#pragma once

#include <optional>

#include "pipeline/picture/codecs.h"
#include "plugins/sdk/frame.h"

namespace lynceus::picture {

std::optional<sdk::Radiometric> flir_radiometric(Bytes jpeg, const Limits& limits);

}  // namespace lynceus::picture

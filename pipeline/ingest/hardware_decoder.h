// Which hardware decoder a stream may go to first, by the camera's `decoder` and what is installed and opens.
//
// GStreamer's decoders of VA-API and NVIDIA cards hand pictures on in system memory where the sink asks for that, which
// ours does: they come down once, and nothing behind knows where they were decoded. Thread: reentrant.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/ingest/source_settings.h"

namespace lynceus::ingest {

struct HardwareDecoder {
  std::string element;  ///< empty: none, decode in software
  std::string trouble;  ///< why the kind that was asked for is not used; empty: nothing was missed
};

/// `codec` as Codec::name.
HardwareDecoder find_hardware_decoder(std::string_view codec, Decoder wanted);

}  // namespace lynceus::ingest

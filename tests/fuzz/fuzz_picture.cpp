// Any bytes are a picture or an Error.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/error.h"
#include "pipeline/picture/picture_io.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    lynceus::picture::decode(std::as_bytes(std::span(data, size)), "fuzz",
                             {.longest_side_px = 2048, .pixels = 1 << 20});
  } catch (const lynceus::Error&) {
  }
  return 0;
}
